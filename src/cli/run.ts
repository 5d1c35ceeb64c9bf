import { spawn } from 'node:child_process'
import { AppError } from '../model/errors.js'

export interface RunOptions {
  /** Given to the program; without it its standard input is empty. `open`: a pipe that stays open as long as we live. */
  stdin?: string | 'open'
  /** Killed after that time; absent: none. */
  timeoutMs?: number
  /** Each line of its standard output, as it comes. */
  onLine?: (line: string) => void
  /** Ends it with SIGTERM. */
  signal?: AbortSignal
  /** Exit codes that are an answer, not a failure; [0] when absent. */
  accept?: readonly number[]
}

export interface RunResult {
  stdout: string
  stderr: string
  exitCode: number
}

/** Programs get these variables only. */
export const PROGRAM_ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
} as const

/**
 * Runs a program by its argument list, never by a shell, in a session of its own: an interrupt from the keyboard reaches us alone.
 * AppError `host_failed` with its last words (or that it is not installed), `timed_out`.
 */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: PROGRAM_ENVIRONMENT,
      detached: true,
      stdio: [options.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
    let late = false
    const timer = setTimeout(
      () => {
        late = true
        child.kill('SIGKILL')
      },
      options.timeoutMs ?? 2 ** 31 - 1,
    )
    const stop = () => child.kill('SIGTERM')
    options.signal?.addEventListener('abort', stop, { once: true })
    let stdout = ''
    let stderr = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout = options.onLine ? cutLines(stdout + text, options.onLine) : stdout + text
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-65_536)
    })
    const settle = (error?: AppError) => {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', stop)
      if (error) reject(error)
    }
    child.once('error', (error: NodeJS.ErrnoException) => settle(notStarted(program, error)))
    child.once('close', (code, signal) => {
      const exitCode = code ?? -1
      settle(late ? new AppError('timed_out', `${program} took too long and was ended.`) : undefined)
      if ((options.accept ?? [0]).includes(exitCode)) resolve({ stdout, stderr, exitCode })
      else reject(failed(program, signal ?? `exit code ${exitCode}`, stderr))
    })
    child.stdin?.on('error', () => undefined)
    if (options.stdin !== 'open') child.stdin?.end(options.stdin)
    if (options.signal?.aborted) stop()
  })
}

function cutLines(text: string, onLine: (line: string) => void): string {
  const lines = text.split('\n')
  const rest = lines.pop() ?? ''
  for (const line of lines) onLine(line)
  return rest
}

function notStarted(program: string, error: NodeJS.ErrnoException): AppError {
  if (error.code !== 'ENOENT') return new AppError('host_failed', `${program} could not be started: ${error.message}`)
  return new AppError('host_failed', `${program} is not installed.`, {
    hint: 'the list of Debian packages is packaging/packages.txt; npm start installs them',
  })
}

function failed(program: string, how: string, stderr: string): AppError {
  const words = stderr.trim().split('\n').at(-1)?.slice(0, 300) ?? ''
  return new AppError('host_failed', `${program} failed (${how})${words === '' ? '' : `: ${words}`}`, {
    cause: new Error(stderr.trim()),
  })
}
