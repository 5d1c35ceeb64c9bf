import type { Readable } from 'node:stream'
import { AppError } from '../../model/errors.js'
import type { Limits } from '../../model/limits.js'
import type { EnterPlan, RootPlan } from '../host/launch-plan.js'
import type { LaunchedProgram, LaunchedTerminal } from '../host/launcher.js'
import { orSoon } from '../host/or-soon.js'
import { readyCgroup, rootPlan } from './bring-up.js'
import { type Container, getContainer, type Hive } from './hive.js'

/** The site's own user in every container. */
export const SITE_UID = 1000
export const SITE_HOME = '/home/site'
const SEED = '/usr/share/ruche/seed/home'
/** The launcher's exit code when it could not run the program. */
export const NOT_STARTED = 125
const MAX_STDERR_BYTES = 16 * 1024
const GRANDCHILD_GRACE_MS = 200

/** A program of the template, to be run inside. */
export interface ProgramPlan {
  uid: number
  cwd: string
  argv: readonly string[]
}

/** One that is run for its answer. */
export interface InsideProgram extends ProgramPlan {
  stdin?: Uint8Array
  timeoutMs: number
  /** What is believed of its output; at more it is ended. */
  maxBytes: number
  /** What has come when the time is over is the answer. */
  partial?: boolean
}

/** What came back: from a site, so hostile. */
export interface InsideAnswer {
  exitCode: number
  stdout: Buffer
  stderr: string
  /** There was more than `maxBytes`, or than could be said in time. */
  isCut: boolean
}

/**
 * Runs a program in the running container, or in a rescue of the stopped one, where nothing else may happen to it meanwhile, and gives it to `use`.
 * AppError `host_failed` when it could not be run, `conflict` when the container ends meanwhile.
 */
export async function withProgramInside<T>(
  hive: Hive,
  id: string,
  program: ProgramPlan,
  use: (launched: LaunchedProgram) => Promise<T>,
): Promise<T> {
  const container = getContainer(hive, id)
  if (container.life?.ready) return use(enter(hive, container, program))
  return hive.locks.run(id, () => {
    // What one waited for may have ended it, or brought it up.
    const now = getContainer(hive, id)
    return now.life ? use(enter(hive, now, program)) : rescue(hive, now, program, use)
  })
}

/** As withProgramInside, for its answer. AppError `timed_out`. */
export function runInside(hive: Hive, id: string, program: InsideProgram): Promise<InsideAnswer> {
  return withProgramInside(hive, id, program, (launched) => collect(launched, program))
}

export function enter(hive: Hive, container: Container, program: ProgramPlan): LaunchedProgram {
  return counted(container, hive.launcher.enter(planEnter(hive, container, program)))
}

/** A program of a running container with a terminal, which belongs to the site's own user. */
export function enterTerminal(hive: Hive, container: Container, program: ProgramPlan): LaunchedTerminal {
  return counted(
    container,
    hive.launcher.enterTerminal({ ...planEnter(hive, container, program), terminalOwner: SITE_UID }),
  )
}

/** A container with a program that somebody started in it is in use. */
function counted<T extends LaunchedProgram>(container: Container, launched: T): T {
  container.programs += 1
  const ended = () => {
    container.programs -= 1
  }
  launched.exited.then(ended, ended)
  return launched
}

function planEnter(hive: Hive, { id, life }: Container, program: ProgramPlan): EnterPlan {
  if (!life) throw new AppError('conflict', `${id} is not running.`, { hint: `Start it: ruche start ${id}` })
  return {
    pid: life.pid,
    startTime: life.startTime,
    cgroupProcs: hive.cgroups.procsFiles(id),
    ...insidePlan(program),
  }
}

function insidePlan({ uid, cwd, argv }: ProgramPlan) {
  return { uid, gid: uid, cwd, argv }
}

/** In a stopped container; the caller holds its lock. */
async function rescue<T>(
  hive: Hive,
  container: Container,
  program: ProgramPlan,
  use: (launched: LaunchedProgram) => Promise<T>,
): Promise<T> {
  const { record } = container
  if (record.wanted === 'absent') throw new AppError('conflict', `${container.id} is being destroyed.`)
  const root = rootPlan(hive, container, await hive.templates.get(record.template))
  const launch = (each: ProgramPlan) => hive.launcher.rescue({ ...root, ...insidePlan(each) })
  await readyCgroup(hive, container)
  try {
    if (!record.begun) await seedHome((each) => collect(launch(each), each))
    return await use(launch(program))
  } finally {
    await hive.cgroups.kill(container.id)
    await hive.cgroups.remove(container.id)
  }
}

/** Before its first start a container's home is empty and root's: it is filled as that start would do it. */
async function seedHome(one: (program: InsideProgram) => Promise<InsideAnswer>): Promise<void> {
  const asRoot = { uid: 0, cwd: '/', timeoutMs: 20_000, maxBytes: 4096 }
  const isNew = await one({ ...asRoot, argv: ['test', '-O', SITE_HOME] })
  if (isNew.exitCode !== 0) return
  const seeded = await one({ ...asRoot, argv: ['/usr/lib/ruche/seed', SEED, SITE_HOME] })
  if (seeded.exitCode === 0) return
  throw new AppError('host_failed', "The site's home could not be filled.", { cause: new Error(seeded.stderr) })
}

/** Runs a program over an image that is no container's (yet), in a group of its own that ends with it. AppError as runInside. */
export async function runOver(
  hive: Hive,
  root: Omit<RootPlan, 'cgroupProcs'>,
  group: string,
  limits: Limits,
  program: InsideProgram,
): Promise<InsideAnswer> {
  await hive.cgroups.ensure(group, limits)
  try {
    const plan = { ...root, cgroupProcs: hive.cgroups.procsFiles(group), ...insidePlan(program) }
    const launched = hive.launcher.rescue(plan)
    return await collect(launched, program)
  } finally {
    await hive.cgroups.kill(group)
    await hive.cgroups.remove(group)
  }
}

/** The answer of a program. AppError `timed_out`, `host_failed`. */
export async function collect(
  launched: LaunchedProgram,
  program: Omit<InsideProgram, keyof ProgramPlan>,
): Promise<InsideAnswer> {
  const end = launched.kill
  let isCut = false
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    end()
  }, program.timeoutMs)
  const stdout = take(launched.stdout, program.maxBytes, () => {
    if (!isCut) end()
    isCut = true
  })
  const stderr = take(launched.stderr, MAX_STDERR_BYTES, () => undefined)
  launched.stdin.end(program.stdin)
  try {
    const exitCode = await launched.exited
    await closedSoon([launched.stdout, launched.stderr])
    if (isLate && !program.partial) throw new AppError('timed_out', 'The site did not answer in time.')
    const said = stderr().toString('utf8')
    if (exitCode === NOT_STARTED) throw notStarted(said)
    return { exitCode, stdout: stdout(), stderr: said, isCut: isCut || isLate }
  } finally {
    clearTimeout(timer)
  }
}

function notStarted(said: string): AppError {
  const words = /^launch: (.{1,300})$/m.exec(said)?.[1] ?? 'for an unknown reason'
  return new AppError('host_failed', `Nothing could be run in the container (${words}).`, { cause: new Error(said) })
}

/** Up to `maxBytes` of a stream; what comes then is thrown away, and `onMore` is told. */
function take(stream: Readable, maxBytes: number, onMore: () => void): () => Buffer {
  const chunks: Buffer[] = []
  let left = maxBytes
  stream.on('data', (chunk: Buffer) => {
    if (chunk.length > left) onMore()
    if (left > 0) chunks.push(chunk.subarray(0, left))
    left = Math.max(0, left - chunk.length)
  })
  stream.on('error', () => undefined)
  return () => Buffer.concat(chunks)
}

/** Both ends are closed, or something that the program left behind holds them: that is not waited for. */
async function closedSoon(streams: Readable[]): Promise<void> {
  const closed = Promise.all(
    streams.map((stream) => (stream.closed ? undefined : new Promise((resolve) => stream.once('close', resolve)))),
  )
  await orSoon(closed, GRANDCHILD_GRACE_MS)
  for (const stream of streams) stream.destroy()
}
