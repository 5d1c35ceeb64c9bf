import { invalidInput } from './check-input.js'

const UNITS_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const SPAN = /^(\d{1,5})([mhd])$/
const DAY = /^\d{4}-\d{2}-\d{2}$/
const TIME = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?$/

/** A time as people write it (`2h` from now, a day, a day and a time of this machine's zone), as ISO text. */
export function readMoment(text: string, field: string, now: Date): string {
  const [, count, unit] = SPAN.exec(text) ?? []
  if (count !== undefined)
    return new Date(now.getTime() + Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS]).toISOString()
  const time = new Date(DAY.test(text) ? `${text}T00:00` : text.replace(' ', 'T'))
  if ((!DAY.test(text) && !TIME.test(text)) || Number.isNaN(time.getTime()))
    throw invalidInput(field, 'this is no time', 'as in 2h, 3d, 2026-12-24 or "2026-12-24 18:00"')
  return time.toISOString()
}
