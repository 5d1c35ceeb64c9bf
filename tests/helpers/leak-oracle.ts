import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { until } from './programs.js'

/** What a test may have made; the oracle looks for no more, so that several runs can live on one machine. */
export interface LeakScope {
  /** Loop devices, mounts (of any mount namespace) and processes that have to do with this folder. */
  folder: string
  /** Processes in user namespaces with these first host ids. */
  uidBases: readonly number[]
  /** Cgroups, of any hierarchy, with this word in their path. */
  cgroupWord?: string
}

/** One line for each thing that is still there. */
export function findLeaks(scope: LeakScope): string[] {
  return [...findLoops(scope), ...findMounts(scope), ...findProcesses(scope), ...findCgroups(scope)]
}

/** Processes and mounts end a little after their cause: waits for it, and fails with what is left. */
export async function expectNoLeaks(scope: LeakScope): Promise<void> {
  await until('nothing left behind', async () => {
    const leaks = findLeaks(scope)
    if (leaks.length > 0) throw new Error(leaks.join('\n'))
    return true
  })
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

const pids = (): string[] => list('/proc').filter((name) => /^\d+$/.test(name))

function findLoops({ folder }: LeakScope): string[] {
  return list('/sys/block')
    .map((name) => ({ name, file: read(`/sys/block/${name}/loop/backing_file`).trim() }))
    .filter(({ file }) => file.startsWith(folder))
    .map(({ name, file }) => `loop device ${name} of ${file}`)
}

/** Every mount namespace once, through one of its processes. */
function findMounts({ folder }: LeakScope): string[] {
  const namespaces = new Map(pids().map((pid) => [link(`/proc/${pid}/ns/mnt`), pid]))
  return [...namespaces.values()].flatMap((pid) =>
    read(`/proc/${pid}/mountinfo`)
      .split('\n')
      .filter((line) => line.includes(folder))
      .map((line) => `mount in the namespace of ${pid}: ${line}`),
  )
}

/** It has ended, and only the host's own process 1 has yet to take notice. */
const isOrphanedZombie = (pid: string): boolean => / Z 1 /.test(read(`/proc/${pid}/stat`).replace(/^.*\)/s, ''))

function findProcesses({ folder, uidBases }: LeakScope): string[] {
  return pids()
    .filter((pid) => Number(pid) !== process.pid && !isOrphanedZombie(pid))
    .filter((pid) => {
      const base = Number(read(`/proc/${pid}/uid_map`).trim().split(/\s+/)[1])
      const places = ['cwd', 'exe', 'root'].map((name) => link(`/proc/${pid}/${name}`))
      return uidBases.includes(base) || places.some((place) => place.startsWith(folder))
    })
    .map((pid) => `process ${pid}: ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`)
}

function findCgroups({ cgroupWord }: LeakScope): string[] {
  if (cgroupWord === undefined) return []
  const below = (path: string): string[] =>
    readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap((entry) => [join(path, entry.name), ...below(join(path, entry.name))])
  return below('/sys/fs/cgroup')
    .filter((path) => path.includes(cgroupWord))
    .map((path) => `cgroup ${path}`)
}
