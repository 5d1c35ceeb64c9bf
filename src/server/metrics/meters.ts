import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ContainerUsage } from '../../model/container.js'
import { METRIC_NAMES, METRICS, type Metric, type MetricSpan, type SiteMetrics } from '../../model/metrics.js'
import type { VisitedRequest } from '../proxy/read-access-log.js'
import { countRequest, endStep, isQuiet, newRequestCounts, type RequestCounts } from './request-counts.js'
import { openRingFile, type RingFile } from './ring-file.js'

const HOUR_MS = 3_600_000
export const FINE_MS = 30_000
/** Thirteen hours in fine steps, so that twelve whole ones are always there; a month in hours. */
const RINGS = [
  { stepMs: FINE_MS, rows: (13 * HOUR_MS) / FINE_MS },
  { stepMs: HOUR_MS, rows: 31 * 24 },
]
const FINE = 0
const HOURLY = 1
const SPANS: Record<MetricSpan, { ring: number; stepMs: number; count: number }> = {
  hour: { ring: FINE, stepMs: FINE_MS, count: HOUR_MS / FINE_MS },
  day: { ring: FINE, stepMs: FINE_MS, count: (12 * HOUR_MS) / FINE_MS },
  month: { ring: HOURLY, stepMs: HOUR_MS, count: 30 * 24 },
}

/** What a site used and how it answered, over time. */
export interface Meters {
  countRequests(requests: VisitedRequest[]): void
  /** Ends the step that runs: `usage` of each site as it is now, by name. */
  sample(sites: { name: string; uuid: string; usage: ContainerUsage | undefined }[], now: Date): Promise<void>
  read(uuid: string, span: MetricSpan, now: Date): Promise<SiteMetrics>
  /** Requests since the server's start, by the site's name. */
  totals(): ReadonlyMap<string, RequestCounts>
  /** Forgets the sites that are none of these. */
  keepOnly(uuids: ReadonlySet<string>): Promise<void>
}

export function openMeters(folder: string): Meters {
  const requests = new Map<string, RequestCounts>()
  const before = new Map<string, { usage: ContainerUsage; atMs: number }>()
  /** Up to which hour each site's fine steps have been made into hours. */
  const folded = new Map<string, number>()
  const countsOf = (name: string) => {
    const counts = requests.get(name) ?? newRequestCounts()
    requests.set(name, counts)
    return counts
  }
  const pathOf = (uuid: string) => join(folder, uuid)
  return {
    countRequests(found) {
      for (const request of found) countRequest(countsOf(request.site), request)
    },
    async sample(sites, now) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      for (const { name, uuid, usage } of sites) {
        const last = before.get(uuid)
        if (usage) before.set(uuid, { usage, atMs: now.getTime() })
        else before.delete(uuid)
        const hour = Math.floor(now.getTime() / HOUR_MS)
        const counts = countsOf(name)
        // A site that does not run and is not asked for is noted once an hour: most are asleep, and are to cost nothing.
        if (usage?.cpuNs === undefined && isQuiet(counts) && folded.get(uuid) === hour) continue
        const step = { ...measure(last, usage, now.getTime()), ...readRequests(counts) }
        await withRings(pathOf(uuid), async (rings) => {
          await rings.write(FINE, now.getTime(), toRow(step))
          if (folded.get(uuid) !== hour) await foldHours(rings, now.getTime())
        })
        folded.set(uuid, hour)
      }
      for (const name of requests.keys()) if (!sites.some((site) => site.name === name)) requests.delete(name)
    },
    async read(uuid, span, now) {
      const { ring, stepMs, count } = SPANS[span]
      const fromMs = (Math.floor(now.getTime() / stepMs) - count) * stepMs
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const rows = await withRings(pathOf(uuid), (rings) => rings.read(ring, fromMs, count))
      const known = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value)
      const values = METRIC_NAMES.map((metric, column) => [metric, rows.map((row) => known(row?.[column]))])
      return { stepSeconds: stepMs / 1000, from: new Date(fromMs).toISOString(), values: Object.fromEntries(values) }
    },
    totals: () => requests,
    async keepOnly(uuids) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      for (const uuid of await readdir(folder)) if (!uuids.has(uuid)) await rm(pathOf(uuid), { force: true })
      for (const map of [before, folded]) for (const uuid of map.keys()) if (!uuids.has(uuid)) map.delete(uuid)
    },
  }
}

async function withRings<T>(path: string, use: (rings: RingFile) => Promise<T>): Promise<T> {
  const rings = await openRingFile(path, `ruche metrics 1 ${METRIC_NAMES.join()}`, RINGS, METRIC_NAMES.length)
  try {
    return await use(rings)
  } finally {
    await rings.close()
  }
}

type Step = Partial<Record<Metric, number>>

const toRow = (step: Step): Float64Array => Float64Array.from(METRIC_NAMES, (metric) => step[metric] ?? Number.NaN)

/** Pure: what a site used since the last look. Counters begin again with its container. */
export function measure(
  last: { usage: ContainerUsage; atMs: number } | undefined,
  usage: ContainerUsage | undefined,
  atMs: number,
): Step {
  if (!usage) return {}
  const seconds = last ? (atMs - last.atMs) / 1000 : Number.NaN
  const grown = (counter: keyof ContainerUsage): number => {
    const [now, then] = [usage[counter], last?.usage[counter]]
    if (now === undefined || then === undefined) return Number.NaN
    return now >= then ? now - then : now
  }
  return {
    cpu: grown('cpuNs') / 1e9 / seconds,
    throttled: grown('throttledNs') / 1e9 / seconds,
    memoryBytes: usage.memoryBytes ?? Number.NaN,
    oomKills: grown('oomKills'),
    pids: usage.pids ?? Number.NaN,
    diskUsedBytes: usage.diskUsedBytes ?? Number.NaN,
    readBytes: grown('readBytes'),
    writtenBytes: grown('writtenBytes'),
    receivedBytes: grown('receivedBytes'),
    sentBytes: grown('sentBytes'),
  }
}

function readRequests(counts: RequestCounts): Step {
  const { requests, medianSeconds, slowSeconds } = endStep(counts)
  const byStatus = Object.entries(requests).map(([statusClass, count]) => [`requests${statusClass}`, count])
  return { ...Object.fromEntries(byStatus), medianSeconds, slowSeconds }
}

/** Makes the rows of whole hours out of their fine steps, also of those that ended while nobody measured. */
async function foldHours(rings: RingFile, nowMs: number): Promise<void> {
  const hour = Math.floor(nowMs / HOUR_MS) * HOUR_MS
  const [last] = await rings.read(HOURLY, hour - HOUR_MS, 1)
  if (last) return
  const inHour = HOUR_MS / FINE_MS
  const steps = await rings.read(FINE, hour - 12 * HOUR_MS, 12 * inHour)
  for (let n = 0; n < 12; n++) {
    const known = steps.slice(n * inHour, (n + 1) * inHour).filter((row) => row !== undefined)
    if (known.length > 0) await rings.write(HOURLY, hour - (12 - n) * HOUR_MS, fold(known))
  }
}

/** Pure: several rows as one; what is unknown in some is that of the others. */
export function fold(rows: Float64Array[]): Float64Array {
  return Float64Array.from(METRIC_NAMES, (metric, column) => {
    const known = rows.map((row) => row[column] ?? Number.NaN).filter((value) => !Number.isNaN(value))
    if (known.length === 0) return Number.NaN
    if (METRICS[metric] === 'max') return Math.max(...known)
    const sum = known.reduce((total, value) => total + value, 0)
    return METRICS[metric] === 'sum' ? sum : sum / known.length
  })
}
