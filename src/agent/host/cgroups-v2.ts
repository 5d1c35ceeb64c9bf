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
  memoryInUse,
  readProcesses,
  removeGroup,
  sumOf,
  waitUntil,
  writeValue,
} from './cgroup-files.js'
import { findWrongLimits } from './cgroup-limits.js'
import { known } from './cgroups-v1.js'

export const V2_CONTROLLERS = ['cpu', 'memory', 'pids'] as const
/** Used where the host hands it down. */
const V2_WISHED = 'io'

const KILL_TIMEOUT_MS = 30_000
const REMOVE_TIMEOUT_MS = 5_000

/** What the limits are in the words of v2 (kernel: admin-guide/cgroup-v2), memory apart. Of an overdrawn group the kernel kills one process, not all: the supervisor brings it back. */
export function planV2Limits(limits: Limits): CgroupWrite[] {
  return [
    { file: 'cpu.max', value: `${cpuQuotaUs(limits)} ${CPU_PERIOD_US}` },
    { file: 'cpu.weight', value: String(Math.min(10_000, Math.max(1, Math.round(limits.cpuMilli / 10)))) },
    { file: 'memory.swap.max', value: '0', optional: true },
    { file: 'memory.oom.group', value: '0' },
    { file: 'pids.max', value: String(limits.pids) },
  ]
}

/** Rates of one disk in the words of v2. */
export function planV2DiskRate(device: string, rate: DiskRate): CgroupWrite {
  const words = `rbps=${rate.readBytes} wbps=${rate.writeBytes} riops=${rate.reads} wiops=${rate.writes}`
  return { file: 'io.max', value: `${device} ${words}`, optional: true }
}

/** The driver for the unified hierarchy. `parent`: the group in which we may make ours; no process may live in it itself. */
export function openV2(parent: string, name: string): Cgroups {
  const top = `${parent}/${name}`
  const folder = (id: string) => `${top}/${id}`
  const setLimits = (id: string, limits: Limits): void => {
    setMemory(folder(id), limits.memoryBytes)
    for (const write of planV2Limits(limits)) writeValue(folder(id), write)
  }
  return {
    version: 'v2',
    ensure: async (id, limits) => {
      makeGroup(top)
      for (const group of [parent, top]) enableControllers(group)
      makeGroup(folder(id))
      setLimits(id, limits)
    },
    procsFiles: (id) => [`${folder(id)}/cgroup.procs`],
    setLimits: async (id, limits) => setLimits(id, limits),
    setDiskRate: async (id, device, rate) => writeValue(folder(id), planV2DiskRate(device, rate)),
    wrongLimits: async (id, limits) => findWrongLimits(folder(id), planV2Limits(limits)),
    processes: async (id) => readProcesses(folder(id)),
    kill: (id) => killAll(folder(id)),
    remove: (id) => removeGroup(folder(id), REMOVE_TIMEOUT_MS),
    usage: async (id) => readUsage(folder(id)),
    list: async () => listGroups(top).sort(),
    close: () => removeGroup(top, REMOVE_TIMEOUT_MS),
  }
}

// Children have a controller's files only when the parent hands it down. EBUSY: processes live in `group` itself (cgroup-v2, "No Internal Process Constraint").
function enableControllers(group: string): void {
  const enabled = (findValue(group, 'cgroup.subtree_control') ?? '').trim().split(' ')
  const there = (findValue(group, 'cgroup.controllers') ?? '').trim().split(' ')
  const wanted = there.includes(V2_WISHED) ? [...V2_CONTROLLERS, V2_WISHED] : V2_CONTROLLERS
  const missing = wanted.filter((controller) => !enabled.includes(controller))
  if (missing.length === 0) return
  const value = missing.map((controller) => `+${controller}`).join(' ')
  try {
    writeValue(group, { file: 'cgroup.subtree_control', value })
  } catch (error) {
    throw new AppError('host_failed', `the controllers ${missing.join(', ')} cannot be used below ${group}`, {
      hint: 'The group must be delegated to the platform and hold no process of its own.',
      cause: error,
    })
  }
}

// A lower memory.max kills until it fits, a lower memory.high only takes back what can be spared: it is asked first, and never stays. A site without
// swap that is kept above it is not ended but slowed down, for minutes, with all its processes.
function setMemory(folder: string, bytes: number): void {
  const now = findNumber(folder, 'memory.max') ?? Number.POSITIVE_INFINITY
  try {
    if (bytes < now) writeValue(folder, { file: 'memory.high', value: String(bytes) })
    if (bytes < now && (findNumber(folder, 'memory.current') ?? 0) > bytes) throw memoryInUse()
    writeValue(folder, { file: 'memory.max', value: String(bytes) })
  } finally {
    writeValue(folder, { file: 'memory.high', value: 'max' })
  }
}

function readUsage(folder: string): Awaited<ReturnType<Cgroups['usage']>> {
  const memory = findNumber(folder, 'memory.current')
  const cache = findKey(folder, 'memory.stat', 'inactive_file') ?? 0
  const toNs = (microseconds: number | undefined) => (microseconds === undefined ? undefined : microseconds * 1000)
  return known({
    cpuNs: toNs(findKey(folder, 'cpu.stat', 'usage_usec')),
    throttledNs: toNs(findKey(folder, 'cpu.stat', 'throttled_usec')),
    memoryBytes: memory === undefined ? undefined : Math.max(0, memory - cache),
    oomKills: findKey(folder, 'memory.events', 'oom_kill'),
    pids: findNumber(folder, 'pids.current'),
    ...readV2Disk(findValue(folder, 'io.stat')),
  })
}

/** Lines `MAJOR:MINOR rbytes=N wbytes=N …` (kernel: admin-guide/cgroup-v2). */
export function readV2Disk(text = ''): Pick<ContainerUsage, 'readBytes' | 'writtenBytes'> {
  const sum = (what: string) => sumOf(text.matchAll(new RegExp(`^${LOOP_MAJOR}:\\d+ .*\\b${what}=(\\d+)`, 'gm')))
  return known({ readBytes: sum('rbytes'), writtenBytes: sum('wbytes') })
}

// cgroup.kill (Linux 5.14) also catches what forks meanwhile; `populated` counts the whole subtree and no zombies.
async function killAll(folder: string): Promise<void> {
  const isEmpty = () => (findKey(folder, 'cgroup.events', 'populated') ?? 0) === 0
  if (isEmpty()) return
  writeValue(folder, { file: 'cgroup.kill', value: '1' })
  if (await waitUntil(KILL_TIMEOUT_MS, isEmpty)) return
  throw new AppError('timed_out', 'some processes of the container cannot be killed')
}
