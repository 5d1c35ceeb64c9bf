import * as z from 'zod'

/**
 * What is measured of each site, and how several steps become one: `sum` of what happened in a step, `mean` of levels and rates, `max` of what is a worst case.
 * Times in seconds, sizes in bytes.
 */
export const METRICS = {
  /** CPUs in use on average. */
  cpu: 'mean',
  /** Seconds per second in which it wanted to run and its limit held it back. */
  throttled: 'mean',
  memoryBytes: 'mean',
  oomKills: 'sum',
  pids: 'mean',
  diskUsedBytes: 'mean',
  readBytes: 'sum',
  writtenBytes: 'sum',
  receivedBytes: 'sum',
  sentBytes: 'sum',
  /** Requests by the first digit of their status. */
  requests2xx: 'sum',
  requests3xx: 'sum',
  requests4xx: 'sum',
  requests5xx: 'sum',
  /** Of the requests that were answered: the middle one, and the one that 95 of 100 are faster than. */
  medianSeconds: 'mean',
  slowSeconds: 'max',
} as const satisfies Record<string, 'sum' | 'mean' | 'max'>
export type Metric = keyof typeof METRICS
export const METRIC_NAMES = Object.keys(METRICS) as Metric[]

/** How far back: an hour and half a day in fine steps, a month in coarse ones. */
export const METRIC_SPANS = ['hour', 'day', 'month'] as const
export const MetricSpan = z.enum(METRIC_SPANS)
export type MetricSpan = z.infer<typeof MetricSpan>

/** Values of equal steps, oldest first; null is unknown, which is not 0. */
export const SiteMetrics = z
  .object({
    stepSeconds: z.number(),
    /** When the first step begins. */
    from: z.string(),
    values: z.record(z.enum(METRIC_NAMES as [Metric, ...Metric[]]), z.array(z.number().nullable())),
  })
  .meta({ id: 'SiteMetrics' })
export type SiteMetrics = z.infer<typeof SiteMetrics>
