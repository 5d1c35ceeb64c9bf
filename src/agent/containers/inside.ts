import type { Readable } from 'node:stream'
import { AppError } from '../../model/errors.js'
import type { Limits } from '../../model/limits.js'
import type { RootPlan } from '../host/launch-plan.js'
import type { LaunchedProgram } from '../host/launcher.js'
import { orSoon } from '../host/or-soon.js'
import { readyCgroup, rootPlan } from './bring-up.js'
import { type Container, getContainer, type Hive } from './hive.js'

/** The site's own user in every container. */
export const SITE_UID = 1000
export const SITE_HOME = '/home/site'
const SEED = '/usr/share/ruche/seed/home'
const NOT_STARTED = 125
const MAX_STDERR_BYTES = 16 * 1024
const GRANDCHILD_GRACE_MS = 200

/** A program of the template, to be run inside for its answer. */
export interface InsideProgram {
  uid: number
  cwd: string
  argv: readonly string[]
  stdin?: Uint8Array
  timeoutMs: number
  /** What is believed of its output; at more it is ended. */
  maxBytes: number
}

/** What came back: from a site, so hostile. */
export interface InsideAnswer {
  exitCode: number
  stdout: Buffer
  stderr: string
  /** There was more than `maxBytes`. */
  isCut: boolean
}

/**
 * Runs a program in the running container, or in a rescue of the stopped one, where nothing else may happen to it meanwhile.
 * AppError `timed_out`, `host_failed` when it could not be run, `conflict` when the container ends meanwhile.
 */
export async function runInside(hive: Hive, id: string, program: InsideProgram): Promise<InsideAnswer> {
  const container = getContainer(hive, id)
  const inRunning = (running: Container): Promise<InsideAnswer> => {
    const launched = enter(hive, running, program)
    return collect(launched, program, launched.kill)
  }
  if (container.life?.ready) return inRunning(container)
  return hive.locks.run(id, async () => {
    // What one waited for may have ended it, or brought it up.
    const now = getContainer(hive, id)
    return now.life ? inRunning(now) : rescue(hive, now, program)
  })
}

export function enter(
  hive: Hive,
  container: Container,
  program: Pick<InsideProgram, 'uid' | 'cwd' | 'argv'>,
): LaunchedProgram {
  const { life } = container
  if (!life)
    throw new AppError('conflict', `${container.id} is not running.`, { hint: `Start it: ruche start ${container.id}` })
  return hive.launcher.enter({
    pid: life.pid,
    startTime: life.startTime,
    cgroupProcs: hive.cgroups.procsFiles(container.id),
    ...insidePlan(program),
  })
}

function insidePlan({ uid, cwd, argv }: Pick<InsideProgram, 'uid' | 'cwd' | 'argv'>) {
  return { uid, gid: uid, cwd, argv }
}

/** In a stopped container; the caller holds its lock. */
async function rescue(hive: Hive, container: Container, program: InsideProgram): Promise<InsideAnswer> {
  const { record } = container
  if (record.wanted === 'absent') throw new AppError('conflict', `${container.id} is being destroyed.`)
  const root = rootPlan(hive, container, await hive.templates.get(record.template))
  const one = (each: InsideProgram) => {
    const launched = hive.launcher.rescue({ ...root, ...insidePlan(each) })
    return collect(launched, each, launched.kill)
  }
  await readyCgroup(hive, container)
  try {
    if (!record.begun) await seedHome(one)
    return await one(program)
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
    return await collect(launched, program, launched.kill)
  } finally {
    await hive.cgroups.kill(group)
    await hive.cgroups.remove(group)
  }
}

async function collect(launched: LaunchedProgram, program: InsideProgram, end: () => void): Promise<InsideAnswer> {
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
    if (isLate) throw new AppError('timed_out', 'The site did not answer in time.')
    const said = stderr().toString('utf8')
    if (exitCode === NOT_STARTED) throw notStarted(said)
    return { exitCode, stdout: stdout(), stderr: said, isCut }
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
