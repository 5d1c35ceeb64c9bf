import * as z from 'zod'
import { ERROR_CODES } from './errors.js'

/** Shape of every error answer of the HTTP API and of the agent: `{ error: … }`. */
export const ErrorAnswer = z
  .object({
    error: z.object({
      code: z.enum(ERROR_CODES),
      message: z.string(),
      hint: z.string().optional(),
      fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
      id: z.string(),
    }),
  })
  .meta({ id: 'ErrorAnswer' })
