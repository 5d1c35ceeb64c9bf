const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 60_000
/** A container that lived this long is taken for well again. */
const WELL_AFTER_MS = 300_000

/** How long to wait before the next try to bring a container back; `attempts`: how many tries came before in this row. */
export function planPauseMs(attempts: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** attempts, LONGEST_PAUSE_MS)
}

/** How many tries still count when a container that began at `startedAt` has died now. */
export function planAttempts(attempts: number, startedAt: string, now: number): number {
  return now - Date.parse(startedAt) >= WELL_AFTER_MS ? 0 : attempts
}
