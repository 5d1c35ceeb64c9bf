import type { VisitedRequest } from '../proxy/read-access-log.js'

/** Upper bounds of how long an answer took, in seconds. */
export const LATENCY_BOUNDS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30]
/** Times of answers that are kept of one step; of more, the first ones stand for all. */
const MOST_TIMES = 2000

/** Requests of one site, by the first digit of their status. */
export type StatusClass = '2xx' | '3xx' | '4xx' | '5xx'
export const STATUS_CLASSES: StatusClass[] = ['2xx', '3xx', '4xx', '5xx']

export interface RequestCounts {
  /** Since the server's start. */
  total: Record<StatusClass, number>
  /** How many took at most as long as each of LATENCY_BOUNDS, and all. */
  within: number[]
  seconds: number
  /** Of the step that runs. */
  step: Record<StatusClass, number>
  times: number[]
}

const none = (): Record<StatusClass, number> => ({ '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0 })

export const newRequestCounts = (): RequestCounts => ({
  total: none(),
  within: LATENCY_BOUNDS.map(() => 0),
  seconds: 0,
  step: none(),
  times: [],
})

export function countRequest(counts: RequestCounts, { status, seconds }: VisitedRequest): void {
  const statusClass = `${Math.floor(status / 100)}xx` as StatusClass
  if (!STATUS_CLASSES.includes(statusClass)) return
  counts.total[statusClass]++
  counts.step[statusClass]++
  counts.seconds += seconds
  for (const [index, bound] of LATENCY_BOUNDS.entries())
    if (seconds <= bound) counts.within[index] = (counts.within[index] ?? 0) + 1
  if (counts.times.length < MOST_TIMES) counts.times.push(seconds)
}

/** Whether nobody has asked for anything in the step that runs. */
export const isQuiet = ({ step }: RequestCounts): boolean => Object.values(step).every((count) => count === 0)

/** Ends a step: what it counted, and the next one begins. Without a request its times are unknown. */
export function endStep(counts: RequestCounts): {
  requests: Record<StatusClass, number>
  medianSeconds: number
  slowSeconds: number
} {
  const times = counts.times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
  const ended = { requests: counts.step, medianSeconds: at(0.5), slowSeconds: at(0.95) }
  counts.step = none()
  counts.times = []
  return ended
}
