import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { AppError } from '../../model/errors.js'
import { planStartArgs, renderSettings, type StartPlan } from './launch-plan.js'
import type { ProcessMark } from './processes.js'

/** A container whose PID 1 waits at the gate: nothing of the site has run yet. */
export interface StartedContainer extends ProcessMark {
  /** Lets it go; resolves when its init was executed. AppError `host_failed` when that went wrong (everything has vanished then). */
  openGate(): Promise<void>
  /** Ends it before it began; resolves when the launcher is gone. */
  giveUp(): Promise<void>
}

const PREPARE_TIMEOUT_MS = 30_000
const STATUS_FD = 3
const GATE_FD = 4

/** Starts `launch start` and waits for its word that everything is prepared. */
export async function startContainer(program: string, plan: StartPlan): Promise<StartedContainer> {
  const launch = spawnLaunch(program, plan)
  const timer = setTimeout(() => launch.child.kill('SIGKILL'), PREPARE_TIMEOUT_MS)
  try {
    const mark = parseReady(await firstLine(launch.child.stdio[STATUS_FD] as Readable))
    if (mark === undefined) throw launch.failure(await launch.exitCode)
    const gate = launch.child.stdio[GATE_FD] as Writable
    return {
      ...mark,
      openGate: async () => {
        gate.end('g')
        const exitCode = await launch.exitCode
        if (exitCode !== 0) throw launch.failure(exitCode)
      },
      giveUp: async () => {
        gate.destroy()
        await launch.exitCode
      },
    }
  } finally {
    clearTimeout(timer)
  }
}

interface Launch {
  child: ChildProcess
  /** -1: could not be started, or killed. */
  exitCode: Promise<number>
  failure(exitCode: number): AppError
}

function spawnLaunch(program: string, plan: StartPlan): Launch {
  const child = spawn(program, planStartArgs(plan), {
    cwd: '/',
    env: {},
    detached: true,
    stdio: ['pipe', plan.console, plan.console, 'pipe', 'pipe'],
  })
  for (const stream of child.stdio) stream?.on('error', () => undefined)
  child.stdin?.end(renderSettings(plan.settings))
  const exitCode = new Promise<number>((resolve) => {
    child.once('error', () => resolve(-1))
    child.once('exit', (code) => resolve(code ?? -1))
  })
  return { child, exitCode, failure: startFailure }
}

/** `ready PID STARTTIME`, as the launcher says it. */
export function parseReady(line: string): ProcessMark | undefined {
  const match = /^ready (\d+) (\d+)$/.exec(line)
  return match ? { pid: Number(match[1]), startTime: Number(match[2]) } : undefined
}

/** The text up to the first line break, or up to the end. */
async function firstLine(stream: Readable): Promise<string> {
  let text = ''
  for await (const chunk of stream.setEncoding('utf8')) {
    text += String(chunk)
    if (text.includes('\n')) break
  }
  return text.split('\n')[0] ?? ''
}

// The launcher's stderr is the container's console: what it said there (`launch: STEP: …`) is the reason, and the caller's to read.
function startFailure(exitCode: number): AppError {
  if (exitCode === -1) return new AppError('timed_out', 'the container took too long to prepare and was ended')
  return new AppError('host_failed', 'the container could not be started', {
    cause: new Error(`launch start ended with exit code ${exitCode}`),
  })
}
