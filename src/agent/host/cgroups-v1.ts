import type { ContainerUsage } from '../../model/container.js'
import { AppError } from '../../model/errors.js'
import type { Limits } from '../../model/limits.js'
import {
  type Cgroups,
  type CgroupWrite,
  CPU_PERIOD_US,
  cpuQuotaUs,
  type DiskRate,
  LOOP_MAJOR,
} from './cgroup-driver.js'
import {
  findKey,
  findNumber,
  findValue,
  listGroups,
  makeGroup,
  readProcesses,
  removeGroup,
  sumOf,
  waitUntil,
  writeValue,
} from './cgroup-files.js'

import { findWrongLimits } from './cgroup-limits.js'

export const V1_CONTROLLERS = ['cpu', 'cpuacct', 'memory', 'pids', 'freezer'] as const
export type V1Controller = (typeof V1_CONTROLLERS)[number]
/** Where each controller's hierarchy is mounted; some may share one. Without `blkio` nothing bounds the use of disks. */
export type V1Mounts = Record<V1Controller, string> & { blkio?: string }

const KILL_TIMEOUT_MS = 30_000
const REMOVE_TIMEOUT_MS = 5_000
const FREEZE_TIMEOUT_MS = 500

/** What the limits are in the words of v1 (kernel: admin-guide/cgroup-v1, scheduler/sched-bwc), memory apart. */
export function planV1Limits(limits: Limits): (CgroupWrite & { controller: V1Controller })[] {
  return [
    { controller: 'cpu', file: 'cpu.cfs_period_us', value: String(CPU_PERIOD_US) },
    { controller: 'cpu', file: 'cpu.cfs_quota_us', value: String(cpuQuotaUs(limits)) },
    { controller: 'cpu', file: 'cpu.shares', value: String(Math.max(2, Math.round((limits.cpuMilli * 1024) / 1000))) },
    { controller: 'pids', file: 'pids.max', value: String(limits.pids) },
  ]
}

/** Memory, then memory + swap (the same: no swap). The kernel refuses (EINVAL) a moment at which the first is above the second. */
export function planV1Memory(limits: Limits, nowBytes: number | undefined): CgroupWrite[] {
  const value = String(limits.memoryBytes)
  const writes: CgroupWrite[] = [
    { file: 'memory.limit_in_bytes', value },
    { file: 'memory.memsw.limit_in_bytes', value, optional: true },
  ]
  return nowBytes !== undefined && limits.memoryBytes > nowBytes ? writes.reverse() : writes
}

/** Rates of one disk in the words of v1 (kernel: admin-guide/cgroup-v1/blkio-controller). */
export function planV1DiskRate(device: string, rate: DiskRate): CgroupWrite[] {
  const values = {
    read_bps: rate.readBytes,
    write_bps: rate.writeBytes,
    read_iops: rate.reads,
    write_iops: rate.writes,
  }
  return Object.entries(values).map(([what, value]) => ({
    file: `blkio.throttle.${what}_device`,
    value: `${device} ${value}`,
    optional: true,
  }))
}

/** The driver for hosts whose controllers are in v1 hierarchies. `name`: our parent group in each. */
export function openV1(mounts: V1Mounts, name: string): Cgroups {
  const folder = (controller: V1Controller, id: string) => `${mounts[controller]}/${name}/${id}`
  const { blkio } = mounts
  const hierarchies = [
    ...new Set([...V1_CONTROLLERS.map((controller) => mounts[controller]), ...(blkio === undefined ? [] : [blkio])]),
  ]
  const folders = (id: string) => hierarchies.map((mount) => `${mount}/${name}/${id}`)
  const processes = (id: string) => [...new Set(folders(id).flatMap(readProcesses))]

  const setLimits = (id: string, limits: Limits): void => {
    for (const write of planV1Limits(limits)) writeValue(folder(write.controller, id), write)
    const memory = folder('memory', id)
    for (const write of planV1Memory(limits, findNumber(memory, 'memory.limit_in_bytes'))) writeValue(memory, write)
  }

  return {
    version: 'v1',
    ensure: async (id, limits) => {
      for (const mount of hierarchies) makeGroup(`${mount}/${name}`)
      for (const one of folders(id)) makeGroup(one)
      setLimits(id, limits)
    },
    procsFiles: (id) => folders(id).map((one) => `${one}/cgroup.procs`),
    setLimits: async (id, limits) => setLimits(id, limits),
    setDiskRate: async (id, device, rate) => {
      if (blkio === undefined) return
      for (const write of planV1DiskRate(device, rate)) writeValue(`${blkio}/${name}/${id}`, write)
    },
    wrongLimits: async (id, limits) => [
      ...planV1Limits(limits).flatMap((write) => findWrongLimits(folder(write.controller, id), [write])),
      ...findWrongLimits(folder('memory', id), planV1Memory(limits, undefined)),
    ],
    processes: async (id) => processes(id),
    kill: (id) => killAll(() => processes(id), folder('freezer', id)),
    remove: async (id) => {
      for (const one of folders(id)) await removeGroup(one, REMOVE_TIMEOUT_MS)
    },
    usage: async (id) => ({
      ...readUsage((controller) => folder(controller, id)),
      ...(blkio !== undefined && readV1Disk(findValue(`${blkio}/${name}/${id}`, 'blkio.throttle.io_service_bytes'))),
    }),
    list: async () => [...new Set(hierarchies.flatMap((mount) => listGroups(`${mount}/${name}`)))].sort(),
    close: async () => {
      for (const mount of hierarchies) await removeGroup(`${mount}/${name}`, REMOVE_TIMEOUT_MS)
    },
  }
}

function readUsage(folder: (controller: V1Controller) => string): Awaited<ReturnType<Cgroups['usage']>> {
  const memory = findNumber(folder('memory'), 'memory.usage_in_bytes')
  const cache = findKey(folder('memory'), 'memory.stat', 'total_inactive_file') ?? 0
  return known({
    cpuNs: findNumber(folder('cpuacct'), 'cpuacct.usage'),
    throttledNs: findKey(folder('cpu'), 'cpu.stat', 'throttled_time'),
    memoryBytes: memory === undefined ? undefined : Math.max(0, memory - cache),
    oomKills: findKey(folder('memory'), 'memory.oom_control', 'oom_kill'),
    pids: findNumber(folder('pids'), 'pids.current'),
  })
}

/** Lines `MAJOR:MINOR Read|Write|… BYTES` (kernel: admin-guide/cgroup-v1/blkio-controller). */
export function readV1Disk(text = ''): Pick<ContainerUsage, 'readBytes' | 'writtenBytes'> {
  const sum = (what: string) => sumOf(text.matchAll(new RegExp(`^${LOOP_MAJOR}:\\d+ ${what} (\\d+)$`, 'gm')))
  return known({ readBytes: sum('Read'), writtenBytes: sum('Write') })
}

/** Without the keys that have no value. */
export function known<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }
}

// Frozen, nothing can fork or end, so no pid of the list can become somebody else's before the signal arrives. What cannot be frozen in
// time (it sleeps in the kernel) is killed all the same, and the round repeats until the group is empty.
async function killAll(processes: () => number[], freezer: string): Promise<void> {
  const deadline = performance.now() + KILL_TIMEOUT_MS
  while (processes().length > 0) {
    if (performance.now() > deadline)
      throw new AppError('timed_out', 'some processes of the container cannot be killed')
    freeze(freezer, 'FROZEN')
    await waitUntil(FREEZE_TIMEOUT_MS, () => findValue(freezer, 'freezer.state')?.trim() !== 'FREEZING')
    for (const pid of processes()) kill(pid)
    freeze(freezer, 'THAWED')
    await waitUntil(FREEZE_TIMEOUT_MS, () => processes().length === 0)
  }
}

function freeze(freezer: string, value: 'FROZEN' | 'THAWED'): void {
  if (findValue(freezer, 'freezer.state') !== undefined) writeValue(freezer, { file: 'freezer.state', value })
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // ESRCH: it is gone already.
  }
}
