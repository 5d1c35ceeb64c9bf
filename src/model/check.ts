import type * as z from 'zod'
import { AppError } from './errors.js'

/** Checks a value at a door: the typed value, or AppError `invalid` that names every wrong field. */
export function check<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const fields = result.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
  const first = fields[0]
  const detail = first ? `: ${first.path === '' ? '' : `${first.path}: `}${first.message}` : ''
  throw new AppError('invalid', `${what} is not valid${detail}`, { fields, cause: result.error })
}
