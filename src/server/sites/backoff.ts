/** Waits that double with each failure of the same thing, up to a longest one. */
export interface Backoff {
  mayTry(key: string): boolean
  failed(key: string): void
  succeeded(key: string): void
}

const FIRST_MS = 20_000
const LONGEST_MS = 600_000

export function openBackoff(now: () => Date): Backoff {
  const failures = new Map<string, { count: number; notBeforeMs: number }>()
  return {
    mayTry: (key) => now().getTime() >= (failures.get(key)?.notBeforeMs ?? 0),
    failed(key) {
      const count = (failures.get(key)?.count ?? 0) + 1
      const waitMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** (count - 1))
      failures.set(key, { count, notBeforeMs: now().getTime() + waitMs })
    },
    succeeded: (key) => failures.delete(key),
  }
}
