import type { ErrorCode } from '../model/errors.js'

/** HTTP status of every error code (RFC 9110; 423: RFC 4918; 429: RFC 6585). */
export const errorStatus = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  busy: 423,
  limit_reached: 429,
  host_failed: 502,
  unavailable: 503,
  timed_out: 504,
  internal: 500,
} satisfies Record<ErrorCode, number>
