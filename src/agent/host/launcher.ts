import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { AppError } from '../../model/errors.js'
import type { TerminalSize } from '../../model/terminal.js'
import { type ChangeWatch, watchChanges } from './change-watch.js'
import { type ContainerLook, lookIntoContainer } from './container-look.js'
import {
  type EnterPlan,
  planEnterArgs,
  planReadyArgs,
  planRelayArgs,
  planRescueArgs,
  planSignalArgs,
  planThawArgs,
  type ReadyPlan,
  type RelayPlan,
  type RescuePlan,
  type RootPlan,
  type SnapshotPlan,
  type StartPlan,
} from './launch-plan.js'
import { openWatch, type Watch } from './launch-watch.js'
import type { ProcessMark } from './processes.js'
import { type Proof, startProof } from './prove.js'
import { type RunResult, run } from './run.js'
import { type Snapshot, takeSnapshot } from './snapshot.js'
import { type StartedContainer, startContainer } from './start-container.js'

/** A program inside a container. Its streams are the program's own; nothing is buffered for the caller. */
export interface LaunchedProgram {
  stdin: Writable
  stdout: Readable
  stderr: Readable
  /** Its exit code, 128 + n for a signal; 125: it could not be started inside, and stderr says why. */
  exited: Promise<number>
  /** Asks it to end, and all of its process group (SIGTERM). */
  terminate(): void
  /** Ends it at once, with everything that it started (the launcher's keeper sees to that, also when we die). */
  kill(): void
}

/** A program with a terminal: all that it writes comes on `stdout`; `stderr` is the launcher's own. It begins with its first size. */
export interface LaunchedTerminal extends LaunchedProgram {
  resize(size: TerminalSize): void
}

export type ReadyAnswer = { state: 'ready' } | { state: 'gone' } | { state: 'silent'; reason: string }

/** Client of the launcher, the one program that makes and enters containers. Every plan's values were checked at the agent's door. */
export interface Launcher {
  /** Prepares a container up to its gate. AppError `host_failed` (the launcher's own words are on the console), `timed_out`. */
  startContainer(plan: StartPlan): Promise<StartedContainer>
  /** Runs a program in a running container. */
  enter(plan: EnterPlan): LaunchedProgram
  /** The same with a terminal; a plan without an owner for it is the site's root's. */
  enterTerminal(plan: EnterPlan): LaunchedTerminal
  /** Runs a program over the image of a stopped container, without network and services. */
  rescue(plan: RescuePlan): LaunchedProgram
  /** Waits until all probes connect. `silent`: not in time. `gone`: PID 1 ended meanwhile. */
  ready(plan: ReadyPlan): Promise<ReadyAnswer>
  /** The beginning of what a service inside answers, at most 64 KiB, from a site and so hostile. AppError `timed_out`, `host_failed`. */
  relay(plan: RelayPlan): Promise<string>
  /** Sends a signal to a container's PID 1; false when that process is gone. */
  signal(mark: ProcessMark, signal: NodeJS.Signals): Promise<boolean>
  /** Copies an image as it is at one point in time. */
  snapshot(plan: SnapshotPlan): Promise<Snapshot>
  /** Lets a container go on that an interrupted snapshot may have left held still; it does not matter when it was not. */
  thaw(mark: ProcessMark): Promise<void>
  /** What the kernel knows of a running container; undefined when its first process is gone. */
  look(mark: ProcessMark): Promise<ContainerLook | undefined>
  /** A throw-away container that has tried what it may not do, and waits to be looked at. */
  prove(plan: RootPlan): Promise<Proof>
  /** One long-lived observer of the ends of processes. */
  watch(): Watch
  /** One long-lived observer of changes of the network around that bridge. */
  changes(bridge: string): ChangeWatch
}

const GONE = 3
const READY_SILENT = 1
const READY_GONE = 2
const ENDING_GRACE_MS = 5_000
/** Long: a stop that cannot even be told to the site is what an overloaded machine needs least. */
const SIGNAL_TIMEOUT_MS = 30_000
const THAW_TIMEOUT_MS = 30_000

/** `program`: absolute path of the compiled launcher. */
export function openLauncher(program: string): Launcher {
  return {
    startContainer: (plan) => startContainer(program, plan),
    enter: (plan) => launchInside(program, planEnterArgs(plan)),
    enterTerminal: (plan) => launchTerminal(program, planEnterArgs({ terminalOwner: 0, ...plan })),
    rescue: (plan) => launchInside(program, planRescueArgs(plan)),
    ready: async (plan) => {
      const timeoutMs = plan.timeoutMs + ENDING_GRACE_MS
      return toReadyAnswer(
        await run(program, planReadyArgs(plan), { accept: [0, READY_SILENT, READY_GONE], timeoutMs }),
      )
    },
    relay: async (plan) => {
      const options = { accept: [0, READY_SILENT], stdin: plan.request, timeoutMs: plan.timeoutMs + ENDING_GRACE_MS }
      const { exitCode, stdout } = await run(program, planRelayArgs(plan), options)
      if (exitCode === READY_SILENT) throw new AppError('timed_out', 'The site did not answer in time.')
      return stdout
    },
    signal: async (mark, signal) => {
      const args = planSignalArgs(mark, constants.signals[signal])
      const { exitCode } = await run(program, args, { accept: [0, GONE], timeoutMs: SIGNAL_TIMEOUT_MS })
      return exitCode === 0
    },
    snapshot: (plan) => takeSnapshot(program, plan),
    thaw: async (mark) => {
      await run(program, planThawArgs(mark), { timeoutMs: THAW_TIMEOUT_MS })
    },
    look: (mark) => lookIntoContainer(program, mark),
    prove: (plan) => startProof(program, plan),
    watch: () => openWatch(program),
    changes: (bridge) => watchChanges(program, bridge),
  }
}

function toReadyAnswer({ exitCode, stderr }: RunResult): ReadyAnswer {
  if (exitCode === READY_GONE) return { state: 'gone' }
  return exitCode === READY_SILENT ? { state: 'silent', reason: stderr.trim().slice(-500) } : { state: 'ready' }
}

function launchInside(program: string, args: string[]): LaunchedProgram {
  return toLaunched(spawn(program, args, { cwd: '/', env: {}, detached: true, stdio: ['pipe', 'pipe', 'pipe'] }))
}

function launchTerminal(program: string, args: string[]): LaunchedTerminal {
  const child = spawn(program, args, { cwd: '/', env: {}, detached: true, stdio: ['pipe', 'pipe', 'pipe', 'pipe'] })
  const sizes = child.stdio[3] as Writable
  sizes.on('error', () => undefined)
  return {
    ...toLaunched(child as Piped),
    resize: ({ rows, columns }) => void sizes.write(Buffer.from(Uint16Array.of(rows, columns).buffer)),
  }
}

type Piped = ChildProcessByStdio<Writable, Readable, Readable>

function toLaunched(child: Piped): LaunchedProgram {
  // The program may end, or close its input, before it was all written.
  child.stdin.on('error', () => undefined)
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    exited: exitOf(child),
    terminate: () => child.kill('SIGTERM'),
    kill: () => child.kill('SIGKILL'),
  }
}

function exitOf(child: ChildProcess): Promise<number> {
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', (cause) => reject(new AppError('host_failed', 'the launcher could not be started', { cause })))
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
  // Whoever does not ask for the result must not bring the agent down by that.
  exited.catch(() => undefined)
  return exited
}
