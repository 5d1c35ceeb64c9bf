import { readFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import type { HostStatus } from '../../model/host-status.js'
import { readPressure } from '../host/pressure.js'
import { lookDisk, promisedBytes } from './disk.js'
import type { Hive } from './hive.js'

/** The machine now. */
export async function lookAtHost(hive: Hive, version: string): Promise<HostStatus> {
  const disk = await lookDisk(hive)
  const promised = promisedBytes(hive)
  const pressure = readPressure()
  const [one = 0, five = 0, fifteen = 0] = loadavg()
  return {
    version,
    startedAt: hive.startedAt,
    cgroups: hive.cgroups.version,
    cpus: cpus().length,
    memoryTotalBytes: totalmem(),
    memoryAvailableBytes: availableMemory(),
    diskTotalBytes: disk.totalBytes,
    diskAvailableBytes: disk.availableBytes,
    diskPromisedBytes: promised,
    diskUnpromisedBytes: disk.availableBytes + disk.allocatedBytes - disk.reserveBytes - promised,
    ...(pressure && { pressure }),
    load: [one, five, fifteen],
    containers: hive.containers.size,
    running: [...hive.containers.values()].filter(({ phase }) => phase === 'running').length,
  }
}

/** What can be used without swapping (proc_meminfo(5)); free memory alone leaves out what the cache can give back. */
function availableMemory(): number {
  return Number(/^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'latin1'))?.[1] ?? 0) * 1024
}
