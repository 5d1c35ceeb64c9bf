import { readFileSync } from 'node:fs'

/** A process told apart from a later one with the same pid: host pid and start time in clock ticks since boot. */
export interface ProcessMark {
  pid: number
  startTime: number
}

/** Start time of a process (field 22 of /proc/PID/stat, proc(5)), or undefined when there is none, or only its zombie. */
export function findStartTime(pid: number): number | undefined {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return undefined
  }
  // Field 2 is the program's name in parentheses and may hold anything, even ") ".
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : Number(fields[19])
}

/** Whether it is still that process. */
export function isAlive(mark: ProcessMark): boolean {
  return findStartTime(mark.pid) === mark.startTime
}
