const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** A size in powers of 1024, three figures: `256 MB`, `1,5 Go`. */
export function formatBytes(bytes: number, locale: string): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10))
  const unit = UNITS[power] ?? 'byte'
  const unitDisplay = unit === 'byte' ? 'long' : 'short'
  const options = { style: 'unit', unit, unitDisplay, maximumSignificantDigits: power === 0 ? 4 : 3 } as const
  return new Intl.NumberFormat(locale, options).format(bytes / 1024 ** power)
}

/** Thousandths of a core as a number of cores: `0.5`. */
export function formatCores(milli: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(milli / 1000)
}

/** How long something took: `45 ms`, `1.2 s`, `3 min 5 s`. */
export function formatDuration(ms: number, locale: string): string {
  const part = (value: number, unit: string, digits = 0) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits })
      .format(value)
      .replace(/secs?$/, 's')
      .replace(/mins$/, 'min')
  if (ms < 1000) return part(Math.max(0, Math.round(ms)), 'millisecond')
  if (ms < 60_000) return part(ms / 1000, 'second', 1)
  const minutes = Math.floor(ms / 60_000)
  // The smaller unit is left out when there is none of it.
  const parts: [number, string][] =
    minutes >= 60
      ? [
          [Math.floor(minutes / 60), 'hour'],
          [minutes % 60, 'minute'],
        ]
      : [
          [minutes, 'minute'],
          [Math.floor((ms % 60_000) / 1000), 'second'],
        ]
  return parts
    .filter(([value], index) => index === 0 || value > 0)
    .map(([value, unit]) => part(value, unit))
    .join(' ')
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** How long ago, in words: `3 minutes ago`. Under a minute: `now`. */
export function formatAgo(iso: string, nowMs: number, locale: string): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const past = Math.min(0, Date.parse(iso) - nowMs)
  const step = STEPS.find(([, ms]) => -past >= ms)
  return step ? format.format(Math.round(past / step[1]), step[0]) : format.format(0, 'second')
}

export function formatDay(iso: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(iso))
}

export function formatDate(iso: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso))
}
