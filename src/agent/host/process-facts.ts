import { readFileSync, readlinkSync } from 'node:fs'
import { findStartTime, type ProcessMark } from './processes.js'

/** What the kernel says of one process, seen from the host (proc_pid_status(5), namespaces(7)). */
export interface ProcessFacts extends ProcessMark {
  /** Its name; its own to choose. */
  name: string
  /** Real, effective, saved, file-system ids. */
  uids: number[]
  gids: number[]
  noNewPrivs: boolean
  /** 2: filtered. */
  seccomp: number
  /** Undefined on kernels before 5.9. */
  filters: number | undefined
  capabilities: { bounding: bigint; permitted: bigint; inheritable: bigint; ambient: bigint }
  /** `user` → `user:[4026531837]`. */
  namespaces: Readonly<Record<string, string>>
}

const NAMESPACES = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts'] as const

/** Undefined when it is gone, or only its zombie is there. */
export function findProcessFacts(pid: number): ProcessFacts | undefined {
  const startTime = findStartTime(pid)
  if (startTime === undefined) return undefined
  try {
    const fields = parseStatus(readFileSync(`/proc/${pid}/status`, 'utf8'))
    const namespaces = Object.fromEntries(NAMESPACES.map((name) => [name, readlinkSync(`/proc/${pid}/ns/${name}`)]))
    const facts = { pid, startTime, ...fields, namespaces }
    return findStartTime(pid) === startTime ? facts : undefined
  } catch {
    return undefined
  }
}

/** Pure: the fields of /proc/PID/status that tell how a process is confined. */
export function parseStatus(status: string): Omit<ProcessFacts, 'pid' | 'startTime' | 'namespaces'> {
  // The name is first and cannot hold a line break (it is shown as \n), so no later line can be its own.
  const fields = new Map(
    status.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const numbers = (key: string) => (fields.get(key) ?? '').split(/\s+/).map(Number)
  const mask = (key: string) => BigInt(`0x${fields.get(key) || '0'}`)
  const filters = fields.get('Seccomp_filters')
  return {
    name: (fields.get('Name') ?? '').replaceAll(/[^\w.:@+/-]/g, '?'),
    uids: numbers('Uid'),
    gids: numbers('Gid'),
    noNewPrivs: fields.get('NoNewPrivs') === '1',
    seccomp: Number(fields.get('Seccomp') ?? 0),
    filters: filters === undefined ? undefined : Number(filters),
    capabilities: {
      bounding: mask('CapBnd'),
      permitted: mask('CapPrm'),
      inheritable: mask('CapInh'),
      ambient: mask('CapAmb'),
    },
  }
}

/** Namespaces of this very process. */
export function ownNamespaces(): Readonly<Record<string, string>> {
  return Object.fromEntries(NAMESPACES.map((name) => [name, readlinkSync(`/proc/self/ns/${name}`)]))
}

/** `0 1879048192 65536`, with single blanks; undefined when it is gone. */
export function findUidMap(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/uid_map`, 'latin1')
      .trim()
      .replaceAll(/[ \t]+/g, ' ')
  } catch {
    return undefined
  }
}

/** One mount as the process sees it. */
export interface MountFacts {
  at: string
  /** Options of the mount itself. */
  options: string[]
  type: string
}

/** Mounts in the namespace of a process (proc_pid_mountinfo(5)), none when it is gone. */
export function listMounts(pid: number): MountFacts[] {
  try {
    return parseMountinfo(readFileSync(`/proc/${pid}/mountinfo`, 'utf8'))
  } catch {
    return []
  }
}

/** Pure. */
export function parseMountinfo(text: string): MountFacts[] {
  return text
    .split('\n')
    .filter((line) => line.includes(' - '))
    .map((line) => {
      const [before = '', after = ''] = line.split(' - ')
      const [, , , , at = '', options = ''] = before.split(' ')
      return { at, options: options.split(','), type: after.split(' ')[0] ?? '' }
    })
}
