import { isRecent } from '../is-recent.js'

/** Waits that double with each failure of the same thing, up to a longest one. */
export interface Backoff {
  mayTry(key: string): boolean
  failed(key: string): void
  succeeded(key: string): void
}

const FIRST_MS = 20_000
const LONGEST_MS = 600_000

export function openBackoff(now: () => Date): Backoff {
  const failures = new Map<string, { count: number; atMs: number; waitMs: number }>()
  return {
    mayTry: (key) => {
      const failure = failures.get(key)
      return failure === undefined || !isRecent(failure.atMs, now(), failure.waitMs)
    },
    failed(key) {
      const count = (failures.get(key)?.count ?? 0) + 1
      const waitMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** (count - 1))
      failures.set(key, { count, atMs: now().getTime(), waitMs })
    },
    succeeded: (key) => failures.delete(key),
  }
}
