import { stat, statfs } from 'node:fs/promises'
import type { DiskFacts } from './admission.js'
import type { Container, Hive } from './hive.js'
import { imagePath } from './record.js'

/** Looks how many blocks of the host's disk the image takes; undefined when there is none (yet). */
export async function lookAllocated(hive: Hive, container: Container): Promise<number | undefined> {
  try {
    const { blocks } = await stat(imagePath(hive.settings.stateFolder, container.id))
    container.allocatedBytes = blocks * 512
    return container.allocatedBytes
  } catch {
    return undefined
  }
}

/** Sum of the image sizes promised to all containers. */
export function promisedBytes(hive: Hive): number {
  return [...hive.containers.values()].reduce(
    (sum, { record, growthBytes }) => sum + record.spec.limits.diskBytes + growthBytes,
    0,
  )
}

export async function lookDisk(hive: Hive): Promise<DiskFacts & { totalBytes: number }> {
  const { bsize, blocks, bavail } = await statfs(hive.settings.stateFolder)
  return {
    totalBytes: blocks * bsize,
    availableBytes: bavail * bsize,
    allocatedBytes: [...hive.containers.values()].reduce((sum, { allocatedBytes }) => sum + allocatedBytes, 0),
    reserveBytes: hive.settings.diskReserveBytes,
  }
}

/** As lookDisk; when that would not do for so much more, what every image takes by now is looked at first. */
export async function lookDiskFor(hive: Hive, moreBytes: number): Promise<DiskFacts> {
  const disk = await lookDisk(hive)
  if (promisedBytes(hive) + moreBytes <= disk.availableBytes + disk.allocatedBytes - disk.reserveBytes) return disk
  await lookAllAllocated(hive)
  return lookDisk(hive)
}

/** Looks at every image anew. */
export async function lookAllAllocated(hive: Hive): Promise<void> {
  await Promise.all([...hive.containers.values()].map((container) => lookAllocated(hive, container)))
}
