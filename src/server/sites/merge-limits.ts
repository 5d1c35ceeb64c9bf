import type { Limits } from '../../model/limits.js'

/** Limits of which some are given: a part that is absent stays. */
export type SomeLimits = { [K in keyof Limits]?: Limits[K] | undefined }

export function mergeLimits(limits: Limits, some: SomeLimits = {}): Limits {
  return {
    cpuMilli: some.cpuMilli ?? limits.cpuMilli,
    memoryBytes: some.memoryBytes ?? limits.memoryBytes,
    diskBytes: some.diskBytes ?? limits.diskBytes,
    pids: some.pids ?? limits.pids,
  }
}
