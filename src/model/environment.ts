import * as z from 'zod'
import { PlainText } from './names.js'

const MOST_VARIABLES = 100
const MOST_CHARACTERS = 131_072

/** Variables that every site is given by its own parts: another value would cut its code off from its database, its port or its home. */
const GIVEN = ['HOME', 'USER', 'TMPDIR', 'PORT']
const GIVEN_PREFIXES = ['DATABASE_', 'SITE_']

/**
 * Variables that the loader and the C library obey, ld.so(8). What gives a program its variables still is the container's root for a moment: the site's
 * user must not be able to bring code of his own into it.
 */
const OBEYED = ['PATH', 'GCONV_PATH', 'GLIBC_TUNABLES', 'LOCPATH', 'NLSPATH']
const OBEYED_PREFIXES = ['LD_']

const FORM = /^[A-Z][A-Z0-9_]{0,63}$/

/** What is wrong with the name of a variable, or undefined. */
export function findVariableProblem(name: string): string | undefined {
  if (!FORM.test(name)) return 'use 1 to 64 capital letters, digits and underscores, starting with a letter'
  if (GIVEN.includes(name) || GIVEN_PREFIXES.some((prefix) => name.startsWith(prefix)))
    return 'the platform gives this variable itself'
  if (OBEYED.includes(name) || OBEYED_PREFIXES.some((prefix) => name.startsWith(prefix)))
    return 'this variable is for the system itself: set it where your program is started'
  return undefined
}

const VariableValue = PlainText.max(4096)

/** Each wrong name is told where it stands. */
function checkNames(variables: Record<string, unknown>, context: z.RefinementCtx): void {
  for (const name of Object.keys(variables)) {
    const message = findVariableProblem(name)
    if (message !== undefined) context.addIssue({ code: 'custom', path: [name.slice(0, 100)], message })
  }
}

/** The variables of a site's own code, by name: 100 at most, and no more than the launcher takes. */
export const Environment = z
  .record(z.string(), VariableValue)
  .superRefine(checkNames)
  .refine((variables) => Object.keys(variables).length <= MOST_VARIABLES, `at most ${MOST_VARIABLES} variables`)
  .refine((variables) => JSON.stringify(variables).length <= MOST_CHARACTERS, 'at most 128 KiB of variables')
export type Environment = z.infer<typeof Environment>

/** Changes of some variables: a value sets one, null takes one away; what is not named stays. */
export const EnvironmentChange = z.record(z.string(), VariableValue.nullable()).superRefine(checkNames)
export type EnvironmentChange = z.infer<typeof EnvironmentChange>

/** Pure: the variables after a change. */
export function mergeEnvironment(before: Environment, change: EnvironmentChange): Environment {
  const kept = Object.entries({ ...before, ...change }).filter((entry): entry is [string, string] => entry[1] !== null)
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)))
}
