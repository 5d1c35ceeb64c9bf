import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { AppError } from '../../model/errors.js'
import type { CgroupWrite } from './cgroup-driver.js'

// Files of cgroups are answered by the kernel from memory in microseconds: a thread's round trip per file would cost more than the file.

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code
// ENODEV: the group is being removed while its file is open.
const isGone = (error: unknown): boolean => ['ENOENT', 'ENODEV'].includes(codeOf(error) ?? '')

/** mkdir(2); there already: no change. */
export function makeGroup(folder: string): void {
  try {
    mkdirSync(folder)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw hostFailed(`the group ${folder} could not be made`, error)
  }
}

/** Writes one value. AppError `conflict` (EBUSY: memory in use), `not_found` (no group), `host_failed`. */
export function writeValue(folder: string, { file, value, optional }: CgroupWrite): void {
  try {
    writeFileSync(`${folder}/${file}`, value, { flag: 'r+' })
  } catch (error) {
    if (optional && ['ENOENT', 'EACCES', 'EINVAL', 'EOPNOTSUPP'].includes(codeOf(error) ?? '')) return
    if (codeOf(error) === 'EBUSY') throw memoryInUse(error)
    if (isGone(error)) throw new AppError('not_found', 'the container has no cgroup', { cause: error })
    throw hostFailed(`${file} of a cgroup did not take ${value}`, error)
  }
}

/** A file's text, or undefined when the group or the file is not there. */
export function findValue(folder: string, file: string): string | undefined {
  try {
    return readFileSync(`${folder}/${file}`, 'latin1')
  } catch (error) {
    if (isGone(error) || codeOf(error) === 'EOPNOTSUPP') return undefined
    throw error
  }
}

/** A file that holds one number. */
export function findNumber(folder: string, file: string): number | undefined {
  const text = findValue(folder, file)
  return text === undefined || !/^\d+\n?$/.test(text) ? undefined : Number(text)
}

/** One number of a file of `key value` lines (memory.stat, cpu.stat, memory.events…). */
export function findKey(folder: string, file: string, key: string): number | undefined {
  const line = findValue(folder, file)
    ?.split('\n')
    .find((text) => text.startsWith(`${key} `))
  return line === undefined ? undefined : Number(line.slice(key.length + 1))
}

/** Sum of the numbers that were matched; undefined when there was none. */
export function sumOf(matches: Iterable<RegExpMatchArray>): number | undefined {
  const numbers = [...matches].map(([, text]) => Number(text))
  return numbers.length === 0 ? undefined : numbers.reduce((sum, number) => sum + number)
}

/** Pids of a `cgroup.procs`; none when there is no group. A process of another pid namespace shows as 0: it cannot be named from here. */
export function readProcesses(folder: string): number[] {
  const text = findValue(folder, 'cgroup.procs') ?? ''
  return text
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 0)
}

/** Names of the groups below one. */
export function listGroups(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
  } catch (error) {
    if (isGone(error)) return []
    throw error
  }
}

/** rmdir(2), again for a moment while the last process is still ending (EBUSY). Absent already: no change. */
export async function removeGroup(folder: string, timeoutMs: number): Promise<void> {
  let problem: unknown
  const removed = await waitUntil(timeoutMs, () => {
    try {
      rmdirSync(folder)
      return true
    } catch (error) {
      if (isGone(error)) return true
      if (codeOf(error) !== 'EBUSY') throw error
      problem = error
      return false
    }
  })
  if (!removed) throw new AppError('busy', 'something still lives in the cgroup of the container', { cause: problem })
}

/** Looks every 2 ms, later every 20, until it is so; false after `timeoutMs`. */
export async function waitUntil(timeoutMs: number, isSo: () => boolean): Promise<boolean> {
  const deadline = performance.now() + timeoutMs
  for (let round = 0; !isSo(); round += 1) {
    if (performance.now() > deadline) return false
    await pause(round < 50 ? 2 : 20)
  }
  return true
}

/** A lower limit would have to take memory from living processes. */
export function memoryInUse(cause?: unknown): AppError {
  return new AppError('conflict', 'the site uses more memory than the new limit', {
    hint: 'Stop the site, change the limit, start it again.',
    cause,
  })
}

function hostFailed(message: string, cause: unknown): AppError {
  return new AppError('host_failed', message, { cause })
}
