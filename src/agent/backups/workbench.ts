import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../model/errors.js'
import type { Limits } from '../../model/limits.js'
import type { Stack } from '../../model/stack.js'
import type { Hive } from '../containers/hive.js'
import type { RootPlan } from '../host/launch-plan.js'
import type { LaunchedProgram } from '../host/launcher.js'
import { readDatabaseProgram } from '../rootfs/database-program.js'

/** An image that nobody else uses, with what its file system is put together from, and the group in which programs work on it. */
export interface Workbench {
  root: Omit<RootPlan, 'cgroupProcs'>
  group: string
}

/** Work on a site's data has room of its own, however full the site's is. */
const WORK_LIMITS: Limits = { cpuMilli: 1000, memoryBytes: 512 * 1024 ** 2, pids: 128, diskBytes: 1024 ** 3 }
const MOST_MS = 3_600_000
const MOST_WORDS = 4000

/** Runs a program over the image, as the site's root, confined and without network. Its output is the reader's while it runs; AppError as it ends. */
export async function work(
  hive: Hive,
  { root, group }: Workbench,
  argv: readonly string[],
  streams: { stdin?: Readable; onStdout?: (stdout: Readable) => Promise<void> },
): Promise<void> {
  await hive.cgroups.ensure(group, WORK_LIMITS)
  const program = hive.launcher.rescue({
    ...root,
    cgroupProcs: hive.cgroups.procsFiles(group),
    ...{ uid: 0, gid: 0, cwd: '/', argv },
  })
  try {
    await converse(program, streams)
  } finally {
    await hive.cgroups.kill(group)
    await hive.cgroups.remove(group)
  }
}

/** Gives a program its input, passes its output on, and waits for its end: AppError `host_failed` with its last words, `timed_out`. */
export async function converse(
  program: LaunchedProgram,
  { stdin, onStdout }: { stdin?: Readable; onStdout?: (stdout: Readable) => Promise<void> },
): Promise<void> {
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    program.kill()
  }, MOST_MS)
  let said = ''
  program.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-MOST_WORDS)
  })
  let unreadable: Error | undefined
  try {
    // A program that ends before it has read all says by its exit code what was wrong.
    stdin?.once('error', (error: Error) => {
      unreadable = error
      program.kill()
    })
    const given = stdin ? pipeline(stdin, program.stdin).catch(() => undefined) : program.stdin.end()
    const taken = (onStdout ?? drain)(program.stdout).catch((error: unknown) => {
      program.kill()
      throw error
    })
    const [exitCode] = await Promise.all([program.exited, taken, given])
    if (unreadable && exitCode !== 0) throw unreadable
    if (isLate) throw new AppError('timed_out', 'The work on the site took too long and was ended.')
    if (exitCode !== 0) throw failed(said, exitCode)
  } finally {
    clearTimeout(timer)
    stdin?.destroy()
  }
}

const drain = async (stdout: Readable): Promise<void> => {
  for await (const _ of stdout);
}

/** The words come from programs that work on a site's data: no more than a plain line of them is repeated. */
function failed(said: string, exitCode: number): AppError {
  const last = said
    .trim()
    .split('\n')
    .at(-1)
    ?.replaceAll(/[^\x20-\x7e]/g, '?')
    .slice(0, 200)
  return new AppError('host_failed', last || `The work on the site's data failed (${exitCode}).`, {
    cause: new Error(said.slice(-MOST_WORDS)),
  })
}

export type DatabaseProgram = (verb: 'dump' | 'load' | 'check', table?: string) => string[]

/** What a database recipe says about getting its data out and in; undefined when its data is among the files: then `table` gets one table out of those. */
export async function findDatabaseProgram(
  hive: Hive,
  stack: Stack,
  name: 'backup' | 'table' = 'backup',
): Promise<DatabaseProgram | undefined> {
  const program = await readDatabaseProgram(hive.settings.recipesFolder, stack.database, name)
  if (program === undefined) return undefined
  return (verb, table) => ['sh', '-c', program, name, verb, ...(table === undefined ? [] : [table])]
}
