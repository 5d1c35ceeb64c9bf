/** Whether something was less than so long ago. What lies in the future was not: then the clock was set back, and nothing may wait until it has caught up. */
export function isRecent(atMs: number, now: Date, withinMs: number): boolean {
  const ageMs = now.getTime() - atMs
  return ageMs >= 0 && ageMs < withinMs
}
