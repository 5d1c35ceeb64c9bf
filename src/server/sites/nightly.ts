/** Pure: the next moment after `now` at which a clock of this place shows `at` (`03:30`). */
export function planNextNight(now: Date, at: string): Date {
  const [hours = 0, minutes = 0] = at.split(':').map(Number)
  const next = new Date(now)
  next.setHours(hours, minutes, 0, 0)
  if (next <= now) next.setDate(next.getDate() + 1)
  return next
}

/** Says once each night that it is time, when asked often enough. A night that nobody asked in is caught up with, once. */
export function openNightly(at: string, now: () => Date): { isDue(): boolean } {
  let next = at === 'off' ? undefined : planNextNight(now(), at)
  return {
    isDue() {
      if (next === undefined || now() < next) return false
      next = planNextNight(now(), at)
      return true
    },
  }
}
