import type * as z from 'zod'
import { AppError } from './errors.js'

/** Checks a value at a door: the typed value, or AppError `invalid` that names every wrong field. */
export function check<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const result = schema.safeParse(value, { error: (issue) => explainIssue(issue) })
  if (result.success) return result.data
  const fields = result.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
  const first = fields[0]
  const detail = first ? `: ${first.path === '' ? '' : `${first.path}: `}${first.message}` : ''
  throw new AppError('invalid', `${what} is not valid${detail}`, { fields, cause: result.error })
}

const KINDS: Record<string, string> = {
  string: 'must be text',
  number: 'must be a number',
  int: 'must be a whole number',
  boolean: 'must be true or false',
  array: 'must be a list',
  object: 'must be an object',
}

/** What is wrong, in our words; a schema that has words of its own is not asked. */
function explainIssue(issue: z.core.$ZodRawIssue): string {
  if (issue.input === undefined && issue.code === 'invalid_type') return 'is missing'
  switch (issue.code) {
    case 'invalid_type':
      return KINDS[issue.expected] ?? 'is of the wrong kind'
    case 'unrecognized_keys':
      return `has no ${issue.keys.slice(0, 3).join(', ').slice(0, 100)}`
    case 'too_big':
      return `must be at most ${issue.maximum}${unitOf(issue.origin)}`
    case 'too_small':
      return `must be at least ${issue.minimum}${unitOf(issue.origin)}`
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(' or ')}`
    default:
      return 'is not valid'
  }
}

function unitOf(origin: string): string {
  return origin === 'string' ? ' characters long' : origin === 'array' ? ' entries long' : ''
}
