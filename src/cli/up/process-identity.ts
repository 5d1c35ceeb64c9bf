import { readFile } from 'node:fs/promises'

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  pid: number
  /** Field 22 of /proc/PID/stat (proc(5)). */
  startTime: string
}

/** Start time of a process, or undefined when there is none of that number. A zombie counts as gone. */
export async function findStartTime(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  // The name in parentheses may hold anything, so the fields are counted after its end.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  return fields?.[0] === 'Z' ? undefined : fields?.[19]
}

export async function isAlive({ pid, startTime }: ProcessIdentity): Promise<boolean> {
  return (await findStartTime(pid)) === startTime
}
