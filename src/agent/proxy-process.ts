import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import type { AgentSettings } from '../model/agent-settings.js'
import { AppError } from '../model/errors.js'
import type { Log } from './containers/log.js'
import { type Account, getAccount } from './host/accounts.js'
import { boundLog } from './host/bound-log.js'
import type { Cgroups } from './host/cgroups.js'
import { findJson } from './host/durable-files.js'
import type { Watch } from './host/launch-watch.js'
import type { Launcher } from './host/launcher.js'
import { findChildren, findStartTime, isAlive, type ProcessMark } from './host/processes.js'

/** The front proxy's own group of processes: a name that no container can have. */
export const PROXY_GROUP = '.proxy'
const START_TIMEOUT_MS = 30_000
const STOP_TIMEOUT_MS = 5000
const LOOK_EVERY_MS = 5
const RESTART_PAUSE_MS = 1000
/** What nginx says of itself is kept in two files of this size. */
const MOST_LOG_BYTES = 16 * 1024 ** 2

/** The host's nginx, run as its own user. It outlives the agent. */
export interface ProxyProcess {
  /** Starts it, or makes it read its configuration again. AppError `host_failed` with its own words. */
  reload(): Promise<void>
  /** Finds the one that an earlier agent started; starts it again when it has died since. */
  adopt(): Promise<void>
  /** Starts it again when it was started once and is not there, and keeps its log small. */
  check(): Promise<void>
  /** Ends it: for the platform's end. */
  stop(): Promise<void>
}

interface Parts {
  settings: AgentSettings
  log: Log
  cgroups: Cgroups
  launcher: Launcher
  watch: Watch
}

const StartedProxy = z.object({ pid: z.int(), startTime: z.int() })

export function openProxyProcess(parts: Parts): ProxyProcess {
  const { settings, log, launcher, watch, cgroups } = parts
  // Not in the run folder: the server may write there, and root must not follow what it could lay in the way.
  const record = join(settings.stateFolder, 'proxy.json')
  let mark: ProcessMark | undefined
  let isWanted = false
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const next = turn.then(act, act)
    turn = next.catch(() => undefined)
    return next
  }
  const keep = (found: ProcessMark): void => {
    mark = found
    watch.add(found, () => {
      if (mark?.pid !== found.pid) return
      mark = undefined
      if (!isWanted) return
      log.warn('front proxy ended unexpectedly', { pid: found.pid })
      setTimeout(() => void check().catch((error: unknown) => log.error('front proxy', { error })), RESTART_PAUSE_MS)
    })
  }
  const begin = async (): Promise<void> => {
    const started = await startProxy(parts)
    await writeFile(record, JSON.stringify(started), { mode: 0o600 })
    isWanted = true
    keep(started)
    log.info('front proxy started', { pid: started.pid })
  }
  const isThere = (): boolean => mark !== undefined && isAlive(mark)
  const check = () =>
    inTurn(async () => {
      boundLog(logOf(settings), MOST_LOG_BYTES)
      if (isWanted && !isThere()) await begin()
    })
  return {
    check,
    reload: () =>
      inTurn(async () => {
        if (mark === undefined || !(await launcher.signal(mark, 'SIGHUP'))) await begin()
      }),
    adopt: () =>
      inTurn(async () => {
        const found = await findJson(record, StartedProxy).catch(() => undefined)
        isWanted = found !== undefined
        // Only what is in its group is the one that was started: after a reboot the same pid may be somebody else's.
        if (found && isAlive(found) && (await cgroups.processes(PROXY_GROUP)).includes(found.pid)) keep(found)
      }).then(check),
    stop: () =>
      inTurn(async () => {
        isWanted = false
        if (mark) await end(parts, mark)
        await cgroups.kill(PROXY_GROUP)
        await cgroups.remove(PROXY_GROUP)
        await rm(record, { force: true })
        mark = undefined
      }),
  }
}

/** Pure: nginx as its own user with one capability and no way to any other (setpriv(1), capabilities(7)). */
export function planProxyArgs({ folder, program }: AgentSettings['proxy'], { uid, gid }: Account): string[] {
  const only = '-all,+net_bind_service'
  return [
    ...[`--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--no-new-privs'],
    ...[`--inh-caps=${only}`, `--ambient-caps=${only}`, `--bounding-set=${only}`, '--'],
    ...[program, '-e', 'stderr', '-p', join(folder, 'current'), '-c', 'nginx.conf', '-g', 'daemon off;'],
  ]
}

const logOf = ({ logFolder }: AgentSettings): string => join(logFolder, 'proxy.log')

async function startProxy({ settings, cgroups }: Parts): Promise<ProcessMark> {
  const ids = await getAccount(settings.proxy.user)
  await cgroups.ensure(PROXY_GROUP, {
    cpuMilli: cpus().length * 1000,
    memoryBytes: totalmem(),
    diskBytes: 0,
    pids: 4096,
  })
  // One that nobody knows any more holds the ports.
  await cgroups.kill(PROXY_GROUP)
  await mkdir(settings.logFolder, { recursive: true, mode: 0o755 })
  const path = logOf(settings)
  const log = openSync(path, 'a', 0o640)
  const child = spawn('setpriv', planProxyArgs(settings.proxy, ids), {
    cwd: '/',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' },
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.unref()
  // At once: what it forks is born inside, and ends with the group when it does not begin to serve in time.
  if (child.pid !== undefined) moveInto(cgroups.procsFiles(PROXY_GROUP), child.pid)
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(`it ended with ${signal ?? `exit code ${code}`}`))
  })
  const problem = await Promise.race([ended, whenServing(child)])
  const startTime = child.pid === undefined ? undefined : findStartTime(child.pid)
  if (problem === undefined && child.pid !== undefined && startTime !== undefined) return { pid: child.pid, startTime }
  await cgroups.kill(PROXY_GROUP)
  child.kill('SIGKILL')
  throw new AppError(
    'host_failed',
    `The front proxy could not be started: ${lastWords(path) ?? problem ?? 'it ended'}`,
    {
      cause: new Error(problem),
    },
  )
}

/** nginx makes its first worker once its configuration holds and its ports are open. */
async function whenServing(child: ChildProcess): Promise<string | undefined> {
  const deadline = performance.now() + START_TIMEOUT_MS
  while (performance.now() < deadline) {
    if (child.pid !== undefined && findChildren(child.pid).length > 0) return undefined
    if (child.exitCode !== null) return `it ended with exit code ${child.exitCode}`
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
  return 'it did not begin to serve in time'
}

/** The first process, then its children: what is forked in between is born inside already. */
function moveInto(procsFiles: readonly string[], pid: number): void {
  moveOne(procsFiles, pid)
  for (const child of findChildren(pid)) moveOne(procsFiles, child)
}

function moveOne(procsFiles: readonly string[], pid: number): void {
  try {
    for (const file of procsFiles) writeFileSync(file, String(pid))
  } catch (error) {
    // ESRCH: it has ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function lastWords(path: string): string | undefined {
  const lines = readFileSync(path, 'utf8').slice(-4096).trimEnd().split('\n')
  return lines
    .filter((line) => line.includes('[emerg]') || line.startsWith('setpriv'))
    .at(-1)
    ?.slice(0, 300)
}

async function end({ launcher }: Parts, mark: ProcessMark): Promise<void> {
  await launcher.signal(mark, 'SIGTERM')
  const deadline = performance.now() + STOP_TIMEOUT_MS
  while (isAlive(mark) && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
}
