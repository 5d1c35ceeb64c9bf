import type { ErrorCode } from '../model/errors.js'

/** What the shell gets for each error; a new code without one does not compile. 0 is success; `exec` passes on the program's own. */
export const exitCodes: Record<ErrorCode, number> = {
  internal: 1,
  invalid: 2,
  not_found: 3,
  conflict: 4,
  forbidden: 5,
  unauthenticated: 5,
  busy: 6,
  limit_reached: 7,
  host_failed: 8,
  unavailable: 9,
  timed_out: 10,
}
