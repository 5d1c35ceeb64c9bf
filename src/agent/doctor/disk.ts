import { statfs } from 'node:fs/promises'
import { type Check, judge, sign } from '../../model/doctor.js'
import { lookDisk, promisedBytes } from '../containers/disk.js'
import type { Hive } from '../containers/hive.js'

/** Whether what was promised to sites still fits, and whether files can be made. */
export async function examineDisk(hive: Hive): Promise<Check[]> {
  const { availableBytes, allocatedBytes, reserveBytes } = await lookDisk(hive)
  const { files, ffree } = await statfs(hive.settings.stateFolder)
  return [
    judgeDisk({ availableBytes, reserveBytes, stillPromisedBytes: promisedBytes(hive) - allocatedBytes, files, ffree }),
  ]
}

export interface DiskLook {
  availableBytes: number
  reserveBytes: number
  /** What sites may still take. */
  stillPromisedBytes: number
  /** Inodes; 0 where the file system does not count them. */
  files: number
  ffree: number
}

const FEW = 0.05
const NONE = 0.005

/** Pure. Less than promised is broken; less than that and the reserve is a warning. */
export function judgeDisk({ availableBytes, reserveBytes, stillPromisedBytes, files, ffree }: DiskLook): Check {
  const promised = Math.max(0, stillPromisedBytes)
  const freeInodes = files === 0 ? 1 : ffree / files
  const lacks = availableBytes < promised + reserveBytes
  const signs = [
    ...(lacks ? [sign('free bytes', String(availableBytes), `≥ ${promised} + ${reserveBytes}`)] : []),
    ...(freeInodes < FEW ? [sign('free inodes', String(ffree), `≥ ${Math.ceil(files * FEW)}`)] : []),
  ]
  return judge('machine.disk', signs, availableBytes < promised || freeInodes < NONE ? 'broken' : 'warning')
}
