import type { Site } from '../../model/site.js'

/** A reading of a site's CPU counter, and the rate that it and the one before it gave. */
export interface CpuSample {
  cpuNs: number
  atMs: number
  startedAt: string | undefined
  /** Thousandths of a core; undefined until two readings are known. */
  milli: number | undefined
}

/** Nearer readings give nonsense: the counter was read a little before we hear of it. */
const SHORTEST_MS = 1_500
/** The server may answer the same reading again; only after this long does an unchanged counter mean idleness. */
const SAME_READING_MS = 12_000

/** The sample after one more reading; undefined: nothing is known. */
export function nextSample(before: CpuSample | undefined, site: Site, atMs: number): CpuSample | undefined {
  const cpuNs = site.usage?.cpuNs
  if (cpuNs === undefined || ['stopped', 'asleep'].includes(site.state)) return undefined
  const first = { cpuNs, atMs, startedAt: site.startedAt, milli: undefined }
  // Another start, or a counter that went back: the old reading means nothing any more.
  if (!before || before.startedAt !== site.startedAt || cpuNs < before.cpuNs) return first
  const elapsedMs = atMs - before.atMs
  if (elapsedMs < (cpuNs === before.cpuNs ? SAME_READING_MS : SHORTEST_MS)) return before
  return { ...first, milli: (cpuNs - before.cpuNs) / 1000 / elapsedMs }
}

const samples = new Map<string, CpuSample>()

/** To be called with every answer of the server that has sites in it. */
export function noteCpu(sites: Site[]): void {
  const now = Date.now()
  for (const site of sites) {
    const sample = nextSample(samples.get(site.name), site, now)
    if (sample) samples.set(site.name, sample)
    else samples.delete(site.name)
  }
}

/** CPU in use by a site, in thousandths of a core, from the differences of its counter over time. Unknown at first. */
export function findCpuMilli(name: string): number | undefined {
  return samples.get(name)?.milli
}
