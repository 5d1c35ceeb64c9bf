import { join } from 'node:path'
import * as z from 'zod'
import { ErrorAnswer } from '../model/error-schema.js'
import { AppError, fromErrorBody } from '../model/errors.js'
import { type Note, Progress } from '../model/progress.js'
import { TemplateInfo } from '../model/template-info.js'
import { getPackageFolder } from './package-folder.js'
import { run } from './run.js'

const Line = z.union([
  z.object({ progress: Progress }),
  z.object({ result: z.object({ templates: z.array(TemplateInfo) }) }),
  ErrorAnswer,
])

export interface BuildAlone {
  /** Name of a stack (`nginx-php-mariadb`) or undefined for all of them. */
  stack: string | undefined
  templatesFolder: string
  force?: boolean
  signal?: AbortSignal
}

/** Builds templates as root with no platform running. It ends when we do. */
export async function buildTemplateAlone(what: BuildAlone, note: Note): Promise<TemplateInfo[]> {
  const folder = getPackageFolder()
  const args = [
    join(folder, 'dist/agent.mjs'),
    '--build-template',
    what.stack ?? '--all',
    '--templates',
    what.templatesFolder,
    '--recipes',
    join(folder, 'templates'),
    ...(what.force ? ['--force'] : []),
  ]
  let outcome: { templates: TemplateInfo[] } | AppError | undefined
  const onLine = (text: string) => {
    const line = Line.safeParse(parseJson(text)).data
    if (line === undefined) return
    if ('progress' in line) note(line.progress)
    else outcome = 'result' in line ? line.result : fromErrorBody(line.error)
  }
  const ended = run(process.execPath, args, {
    onLine,
    stdin: 'open',
    ...(what.signal && { signal: what.signal }),
  })
  await ended.catch((error: unknown) => {
    outcome ??= error instanceof AppError ? error : undefined
  })
  if (outcome === undefined) throw new AppError('internal', 'The build ended without a word.')
  if (outcome instanceof AppError) throw outcome
  return outcome.templates
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
