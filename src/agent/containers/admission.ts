import type { ContainerSpec } from '../../model/container.js'
import { AppError } from '../../model/errors.js'
import { formatSize } from '../../model/sizes.js'

/** What the disk of the host can still promise. */
export interface DiskFacts {
  availableBytes: number
  /** What the images have taken already of what was promised to them. */
  allocatedBytes: number
  reserveBytes: number
}

/** Whether a new container may be: AppError `conflict` when its id, address or port is another's. */
export function checkFree(spec: ContainerSpec, others: readonly ContainerSpec[]): void {
  for (const other of others) {
    if (other.id === spec.id) throw conflict(`There is a container ${spec.id} already.`)
    if (other.address === spec.address) throw conflict(`Address ${spec.address} is that of ${other.id}.`)
    if (other.sftpPort === spec.sftpPort) throw conflict(`Port ${spec.sftpPort} is that of ${other.id}.`)
  }
}

/** Whether the disk can keep every promise when `promisedBytes` is the sum of all image sizes: AppError `limit_reached`. */
export function checkDisk(promisedBytes: number, disk: DiskFacts): void {
  const most = disk.availableBytes + disk.allocatedBytes - disk.reserveBytes
  if (promisedBytes <= most) return
  throw new AppError('limit_reached', `The disk of the host cannot promise ${formatSize(promisedBytes - most)} more.`, {
    hint: 'Ask for a smaller disk, remove sites that are no longer used, or give the machine a larger disk.',
  })
}

/** What a start writes before anybody notices: its layer, its records, the first lines of its logs. */
const LEAST_ROOM_BYTES = 1024 ** 2

/** Whether a start has a chance: on a full disk its services would wait in vain, and what they write be lost. AppError `limit_reached`. */
export function checkRoom(availableBytes: number): void {
  if (availableBytes >= LEAST_ROOM_BYTES) return
  throw new AppError('limit_reached', 'The disk of the host is full.', {
    hint: 'Make room on the machine, or remove sites that are no longer used; then start it again.',
  })
}

function conflict(message: string): AppError {
  return new AppError('conflict', message)
}
