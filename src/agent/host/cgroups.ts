import { existsSync, readFileSync } from 'node:fs'
import { AppError } from '../../model/errors.js'
import type { Cgroups } from './cgroup-driver.js'
import { findValue, makeGroup, readProcesses, writeValue } from './cgroup-files.js'
import { mountCgroups } from './cgroup-mounts.js'
import { openV1, V1_CONTROLLERS, type V1Mounts } from './cgroups-v1.js'
import { openV2, V2_CONTROLLERS } from './cgroups-v2.js'

export { type Cgroups, SITE_DISK_RATE } from './cgroup-driver.js'

/**
 * The driver that fits this host, found by looking once: v2 when the unified hierarchy has the controllers, else v1. `name`: our parent group.
 * AppError `host_failed` when neither can hold a container.
 */
export async function openCgroups(name: string): Promise<Cgroups> {
  if (!readMounts().includes(' - cgroup')) await mountCgroups()
  const mountinfo = readMounts()
  const unified = findUnifiedMount(mountinfo)
  if (unified !== undefined && hasControllers(unified)) return openV2(getV2Parent(unified), name)
  const mounts = findV1Mounts(mountinfo)
  if (mounts !== undefined) return openV1(mounts, name)
  throw new AppError('host_failed', 'this machine has no cgroup controllers for CPU, memory and processes', {
    hint: 'Mount cgroup2 on /sys/fs/cgroup, as every current Debian does.',
  })
}

const readMounts = (): string => readFileSync('/proc/self/mountinfo', 'utf8')

interface Mount {
  at: string
  type: string
  options: string[]
}

// proc_pid_mountinfo(5): the fields after the lone hyphen are type, source, options of the super block.
function parseMounts(mountinfo: string): Mount[] {
  return mountinfo
    .split('\n')
    .filter((line) => line.includes(' - cgroup'))
    .map((line) => {
      const [before = '', after = ''] = line.split(' - ')
      const [type = '', , options = ''] = after.split(' ')
      return { at: before.split(' ')[4] ?? '', type, options: options.split(',') }
    })
}

/** Where the unified hierarchy is mounted, if it is. */
export function findUnifiedMount(mountinfo: string): string | undefined {
  return parseMounts(mountinfo).find((mount) => mount.type === 'cgroup2')?.at
}

/** The v1 hierarchies of all controllers we need, or undefined when one is missing. */
export function findV1Mounts(mountinfo: string): V1Mounts | undefined {
  const mounts = parseMounts(mountinfo).filter((mount) => mount.type === 'cgroup')
  const found = V1_CONTROLLERS.map((controller) => [
    controller,
    mounts.find((mount) => mount.options.includes(controller))?.at,
  ])
  const blkio = mounts.find((mount) => mount.options.includes('blkio'))?.at
  if (found.some(([, at]) => at === undefined)) return undefined
  return { ...(Object.fromEntries(found) as V1Mounts), ...(blkio !== undefined && { blkio }) }
}

function hasControllers(group: string): boolean {
  const there = (findValue(group, 'cgroup.controllers') ?? '').trim().split(' ')
  return V2_CONTROLLERS.every((controller) => there.includes(controller))
}

// A service that systemd delegates for the sites keeps them apart from the agent's own life: systemd (before 254) cannot restart a service whose group
// has groups with processes. Without one, a folder at the top, as other engines do it.
function getV2Parent(unified: string): string {
  const delegated = `${unified}/ruche.slice/ruche-groups.service`
  if (!existsSync(delegated) || !hasControllers(delegated)) return unified
  vacate(delegated)
  return delegated
}

// What waits in the service itself goes into a group of its own: only a group without processes hands controllers down.
function vacate(group: string): void {
  const waiting = readProcesses(group)
  if (waiting.length === 0) return
  makeGroup(`${group}/waiting`)
  for (const pid of waiting) writeValue(`${group}/waiting`, { file: 'cgroup.procs', value: String(pid) })
}
