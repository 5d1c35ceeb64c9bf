/** The closed list of what can go wrong. A new code needs its HTTP status and CLI exit code, or nothing compiles. */
export const ERROR_CODES = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'busy',
  'limit_reached',
  'host_failed',
  'unavailable',
  'timed_out',
  'internal',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

/** One input that is wrong: `path` is its name in the request (`limits.memoryBytes`), `message` is safe to show. */
export interface FieldError {
  path: string
  message: string
}

/** How an error crosses a door (HTTP body under `error`, agent socket). `id` leads to the log line with the cause. */
export interface ErrorBody {
  code: ErrorCode
  message: string
  hint?: string | undefined
  fields?: FieldError[] | undefined
  id: string
}

export interface ErrorDetails {
  /** What to do next, in words. */
  hint?: string | undefined
  fields?: FieldError[] | undefined
  /** For the log only; never sent. */
  cause?: unknown
}

/** The one error type that may cross a door. Its message is always safe to show to the person who asked. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly hint: string | undefined
  readonly fields: FieldError[] | undefined

  constructor(
    readonly code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, { cause: details.cause })
    this.hint = details.hint
    this.fields = details.fields
  }
}

/** Anything that is not an AppError becomes `internal` with a neutral message; the real cause goes to the log only. */
export function asAppError(error: unknown): AppError {
  return error instanceof AppError ? error : new AppError('internal', 'Something went wrong inside.', { cause: error })
}

/** The body that a door sends; `id` is the log id under which the cause was written. */
export function toErrorBody(error: AppError, id: string): ErrorBody {
  return {
    code: error.code,
    message: error.message,
    id,
    ...(error.hint !== undefined && { hint: error.hint }),
    ...(error.fields !== undefined && { fields: error.fields }),
  }
}

/** The error of a body received through a door. */
export function fromErrorBody(body: ErrorBody): AppError {
  return new AppError(body.code, body.message, { hint: body.hint, fields: body.fields })
}
