import type * as z from 'zod'
import { AppError } from '../../model/errors.js'
import { findNearest } from './find-nearest.js'
import { findTomlLine } from './find-toml-line.js'
import { CONFIGURATION_KEYS } from './keys.js'
import type { EnvironmentValue } from './read-environment.js'

/** Where configuration came from, to say where something wrong in it stands. */
export interface Sources {
  file: string
  text: string
  environment: EnvironmentValue[]
}

interface Problem {
  path: string[]
  message: string
  hint?: string | undefined
}

/** AppError `invalid` of a configuration that its schema refused: file and line, or variable, and what to write instead. */
export function explainIssues(issues: readonly z.core.$ZodIssue[], sources: Sources): AppError {
  const problems = issues.flatMap(listProblems)
  const described = problems.map((problem) => ({
    path: problem.path.join('.'),
    message: `${locate(problem.path, sources)}: ${problem.path.join('.')}: ${problem.message}`,
  }))
  return new AppError('invalid', described[0]?.message ?? `${sources.file} is not valid`, {
    hint: problems[0]?.hint ?? 'packaging/ruche.toml explains every key',
    fields: described,
  })
}

function listProblems(issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.map(String)
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }]
  const known = Object.keys(path[0] === undefined ? CONFIGURATION_KEYS : (CONFIGURATION_KEYS[path[0]] ?? {}))
  return issue.keys.map((key) => {
    const near = findNearest(key, known)
    const hint = near ? `did you mean ${near}?` : `known here: ${known.join(', ')}`
    return { path: [...path, key], message: 'unknown key', hint }
  })
}

function locate(path: string[], { file, text, environment }: Sources): string {
  const variable = environment.find(({ section, key }) => section === path[0] && key === path[1])?.variable
  if (variable) return variable
  const line = findTomlLine(text, path)
  return line === undefined ? file : `${file}, line ${line}`
}
