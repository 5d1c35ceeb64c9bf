import type { Metric, SiteMetrics } from '../../../../model/metrics.js'

/** One line of a chart; null is unknown and leaves a gap. */
export interface Series {
  label: string
  tone: string
  values: (number | null)[]
}

export const WIDTH = 400
export const HEIGHT = 100

/** Pure: the top of the scale: what is shown, and the limit where something comes near it or `always`. */
export function findTop(series: Series[], limit: number | undefined, always = false): number {
  const most = Math.max(0, ...series.flatMap(({ values }) => values.map((value) => value ?? 0)))
  if (limit !== undefined && (always || most > limit * 0.25)) return Math.max(limit, most) * 1.05
  return most === 0 ? 1 : most * 1.15
}

/** Pure: the points as a path (SVG 2 §9.3), from left to right; after a gap it begins anew, and a point alone is a short line. */
export function planPath(values: (number | null)[], top: number): string {
  const step = WIDTH / Math.max(1, values.length - 1)
  let isOpen = false
  return values
    .map((value, index) => {
      if (value === null) {
        isOpen = false
        return ''
      }
      const x = index * step
      const y = HEIGHT - (Math.min(value, top) / top) * HEIGHT
      const begins = !isOpen
      isOpen = true
      return `${begins ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}${begins ? 'h.5' : ''}`
    })
    .join('')
}

/** Pure: the last value that is known. */
export function findLast(values: (number | null)[]): number | undefined {
  return values.findLast((value) => value !== null) ?? undefined
}

/** Pure: the end of what was measured, of so many seconds. */
export function cutToLast(metrics: SiteMetrics, seconds: number): SiteMetrics {
  const { stepSeconds, from, values } = metrics
  const keep = Math.ceil(seconds / stepSeconds)
  const count = Math.max(0, ...Object.values(values).map(({ length }) => length))
  const dropped = Math.max(0, count - keep)
  const cut = Object.entries(values).map(([metric, all]) => [metric, all.slice(dropped)])
  return {
    stepSeconds,
    from: new Date(Date.parse(from) + dropped * stepSeconds * 1000).toISOString(),
    values: Object.fromEntries(cut) as Record<Metric, (number | null)[]>,
  }
}
