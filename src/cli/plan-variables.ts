import type { EnvironmentChange } from '../model/environment.js'
import { findVariableProblem } from '../model/environment.js'
import { invalidInput } from './check-input.js'

/** What was typed after `environment NAME`: a change of variables, or undefined for a look at them. */
export interface VariablesPlan {
  change: EnvironmentChange
  /** The variable whose value is on standard input, so that it is in no argument list. */
  fromStdin?: string
}

/** Pure: the words of `environment NAME [list | set KEY=VALUE… | set KEY | unset KEY…]`. AppError `invalid`. */
export function planVariables([verb = 'list', ...words]: string[]): VariablesPlan | undefined {
  if (verb === 'list' && words.length === 0) return undefined
  if ((verb !== 'set' && verb !== 'unset') || words.length === 0)
    throw invalidInput(
      'environment',
      `${[verb, ...words].join(' ')} is not understood`,
      'list, set KEY=VALUE…, unset KEY…',
    )
  if (verb === 'unset') return { change: Object.fromEntries(words.map((word) => [checkName(word), null])) }
  const bare = words.filter((word) => !word.includes('='))
  if (bare.length > 1 || (bare.length === 1 && words.length > 1))
    throw invalidInput(
      'environment',
      `${bare[0]} has no value`,
      'KEY=VALUE; or one KEY alone, and its value on standard input',
    )
  const [alone] = bare
  if (alone !== undefined) return { change: {}, fromStdin: checkName(alone) }
  return { change: Object.fromEntries(words.map(parsePair)) }
}

function parsePair(word: string): [string, string] {
  const cut = word.indexOf('=')
  return [checkName(word.slice(0, cut)), word.slice(cut + 1)]
}

function checkName(name: string): string {
  const problem = findVariableProblem(name)
  if (problem !== undefined) throw invalidInput(name, problem)
  return name
}
