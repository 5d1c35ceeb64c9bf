import { readFileSync } from 'node:fs'

/** A process told apart from a later one with the same pid: host pid and start time in clock ticks since boot. */
export interface ProcessMark {
  pid: number
  startTime: number
}

/** Start time of a process (field 22 of /proc/PID/stat, proc(5)), or undefined when there is none, or only its zombie. */
export function findStartTime(pid: number): number | undefined {
  const fields = findStat(pid)
  return fields === undefined ? undefined : Number(fields[19])
}

/** Host pids of a process's children (/proc/PID/task/PID/children, proc_pid_task(5)); none when it is gone. */
export function findChildren(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

// From field 3 on: field 2 is the program's name in parentheses and may hold anything, even ") ".
function findStat(pid: number): string[] | undefined {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return undefined
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields
}

/** Whether it is still that process. */
export function isAlive(mark: ProcessMark): boolean {
  return findStartTime(mark.pid) === mark.startTime
}

/** Index of the interface that has an IPv6 address in a process's network namespace (/proc/PID/net/if_inet6), or undefined. */
export function findAddressIndex(pid: number, ipv6: string): number | undefined {
  let table: string
  try {
    table = readFileSync(`/proc/${pid}/net/if_inet6`, 'latin1')
  } catch {
    return undefined
  }
  const row = table.split('\n').find((line) => canonical(line.slice(0, 32)) === ipv6)
  return row === undefined ? undefined : Number.parseInt(row.split(' ')[1] ?? '', 16)
}

// 32 hex digits as RFC 5952 writes them.
function canonical(digits: string): string | undefined {
  const groups = digits.match(/[0-9a-f]{4}/g) ?? []
  return groups.length === 8 ? new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1) : undefined
}
