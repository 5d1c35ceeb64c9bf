import type { HostStatus } from '../../../model/host-status.js'
import { DEFAULT_LIMITS } from '../../../model/limits.js'
import type { Site } from '../../../model/site.js'

/** How much still fits on the machine; undefined is unknown. */
export interface Room {
  diskBytes: number | undefined
  /** Sites of the usual size that the disk can still be promised to. */
  byDisk: number | undefined
  /** More running sites that use as much memory as those that run now do on average. */
  byMemory: number | undefined
  /** Places for sites: addresses and ports. */
  places: number | undefined
}

/** Pure. */
export function planRoom(host: HostStatus | undefined, sites: readonly Site[], mostSites: number): Room {
  if (!host) return { diskBytes: undefined, byDisk: undefined, byMemory: undefined, places: undefined }
  const diskBytes = Math.max(0, host.diskUnpromisedBytes)
  const used = sites.flatMap(({ state, usage }) => (state === 'running' ? (usage?.memoryBytes ?? []) : []))
  const average = used.reduce((sum, bytes) => sum + bytes, 0) / used.length
  return {
    diskBytes,
    byDisk: Math.floor(diskBytes / DEFAULT_LIMITS.diskBytes),
    byMemory: average > 0 ? Math.floor(host.memoryAvailableBytes / average) : undefined,
    places: Math.max(0, mostSites - sites.length),
  }
}
