import { copyFileSync, statSync, truncateSync } from 'node:fs'

/** Moves a log on that others hold open for appending (open(2): O_APPEND): what it says goes to `PATH.1`, and they go on at the beginning of the same file. */
export function boundLog(path: string, mostBytes: number): void {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) <= mostBytes) return
  try {
    copyFileSync(path, `${path}.1`)
  } finally {
    // Also when there is no room for both.
    truncateSync(path)
  }
}
