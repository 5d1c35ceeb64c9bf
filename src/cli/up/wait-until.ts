import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../model/errors.js'

/** Looks until it is so. AppError `timed_out` that names it after `deadlineMs`; an abort of `signal` throws. */
export async function waitUntil(
  what: string,
  look: () => Promise<boolean>,
  deadlineMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const end = performance.now() + deadlineMs
  while (!(await look())) {
    signal?.throwIfAborted()
    if (performance.now() > end)
      throw new AppError('timed_out', `${what}: not within ${Math.round(deadlineMs / 1000)} s.`)
    await sleep(20)
  }
}
