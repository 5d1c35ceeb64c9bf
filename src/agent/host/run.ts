import { spawn } from 'node:child_process'
import { AppError } from '../../model/errors.js'
import { collectOutput } from './output.js'

export interface RunOptions {
  /** The program and everything it started is killed after this time; 60 s when absent. */
  timeoutMs?: number
  stdin?: string | Buffer
  /** Added to the fixed environment (PATH of the system folders, LANG=C.UTF-8); nothing of ours is inherited. */
  env?: Record<string, string>
  /** Called with every line of stdout and stderr as it comes; then only the last 64 KiB of each are kept for the answer. */
  onLine?: (line: string) => void
  cwd?: string
  signal?: AbortSignal
  /** Exit codes that are an answer, not a failure; [0] when absent. */
  accept?: readonly number[]
}

export interface RunResult {
  stdout: string
  stderr: string
  exitCode: number
}

/** What a failed program said; the `cause` of the AppError that `run` throws, for the log. `exitCode` -1: it could not be started. */
export class ProgramFailure extends Error {
  override readonly name = 'ProgramFailure'
  constructor(
    readonly program: string,
    readonly args: readonly string[],
    readonly exitCode: number,
    readonly signal: NodeJS.Signals | null,
    readonly stderr: string,
  ) {
    super(`${program} ended with ${signal ?? `exit code ${exitCode}`}: ${stderr.trim().slice(-2000)}`)
  }
}

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * Runs a program of the host by argv (execve(2): no shell ever sees the arguments) in a session of its own and collects what it says.
 * It settles when the program itself has ended, even while a grandchild holds its output open. AppError `host_failed` (exit code not accepted,
 * not installed, cancelled by `signal`, more than 16 MiB of output) or `timed_out`; either way the whole process group is killed first.
 */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    if (options.signal?.aborted) return reject(cancelled(program))
    const child = spawn(program, args, {
      cwd: options.cwd ?? '/',
      env: { PATH: SYSTEM_PATH, LANG: 'C.UTF-8', ...options.env },
      detached: true,
      stdio: [options.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
    let broken: AppError | undefined
    const giveUp = (error: AppError): void => {
      broken ??= error
      killGroup(child.pid)
    }
    const output = collectOutput(child, options.onLine, () => giveUp(tooMuch(program)))
    const timer = setTimeout(() => giveUp(tooLong(program)), options.timeoutMs ?? 60_000)
    const onAbort = (): void => giveUp(cancelled(program))
    options.signal?.addEventListener('abort', onAbort)
    const settle = (exitCode: number, signal: NodeJS.Signals | null): void => {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', onAbort)
      const { stdout, stderr } = output.end()
      const accepted = signal === null && (options.accept ?? [0]).includes(exitCode)
      if (broken) reject(broken)
      else if (accepted) resolve({ stdout, stderr, exitCode })
      else reject(failed(new ProgramFailure(program, args, exitCode, signal, stderr)))
    }
    child.once('error', (error: NodeJS.ErrnoException) => {
      broken ??= notStarted(program, error)
      settle(-1, null)
    })
    child.once('exit', (code, signal) => output.drained().then(() => settle(code ?? -1, signal)))
    // A program may end without having read its input (EPIPE): its exit code tells whether that was right.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(options.stdin)
  })
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // ESRCH: it is gone already.
  }
}

function failed(failure: ProgramFailure): AppError {
  const last = failure.stderr.trim().split('\n').at(-1)?.slice(0, 300) ?? ''
  const how = failure.signal ? `was killed by ${failure.signal}` : `failed (exit code ${failure.exitCode})`
  return new AppError('host_failed', `${failure.program} ${how}${last === '' ? '' : `: ${last}`}`, { cause: failure })
}

function notStarted(program: string, error: NodeJS.ErrnoException): AppError {
  const missing = error.code === 'ENOENT'
  return new AppError('host_failed', `${program} ${missing ? 'is not installed' : 'could not be started'}`, {
    hint: missing ? 'Install the Debian package that has it, or run "ruche doctor".' : undefined,
    cause: error,
  })
}

const cancelled = (program: string) => new AppError('host_failed', `${program} was cancelled`)
const tooLong = (program: string) => new AppError('timed_out', `${program} took too long and was ended`)
const tooMuch = (program: string) => new AppError('host_failed', `${program} said more than 16 MiB and was ended`)
