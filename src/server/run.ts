import { execFile } from 'node:child_process'
import { AppError } from '../model/errors.js'

interface Limits {
  timeoutMs: number
  /** Given to its standard input, which is empty otherwise. */
  input?: string
}

export interface Ended {
  /** 0: it did what it should. */
  exitCode: number
  stdout: string
  stderr: string
}

/**
 * Runs a program by argv, without a shell and with none of our environment, whatever its exit code is.
 * AppError `timed_out` after `timeoutMs`, `host_failed` when it could not be started or died; the cause is for the log.
 */
export function runToEnd(program: string, args: readonly string[], { timeoutMs, input = '' }: Limits): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const options = { timeout: timeoutMs, killSignal: 'SIGKILL', env: { LANG: 'C.UTF-8' }, cwd: '/' } as const
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (!error) return resolve({ exitCode: 0, stdout, stderr })
      if (typeof error.code === 'number') return resolve({ exitCode: error.code, stdout, stderr })
      const cause = new Error(`${program} ${args.join(' ')}: ${stderr.trim().slice(-2000) || error.message}`)
      if (error.killed) return reject(new AppError('timed_out', `${program} took too long and was ended`, { cause }))
      reject(new AppError('host_failed', `${program} failed: ${error.message.slice(0, 300)}`, { cause }))
    })
    // It may end without having read everything (EPIPE): its exit code tells whether that was right.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}

/** The same for a program that must succeed: answers what it said on standard output and standard error together. AppError `host_failed`. */
export async function run(program: string, args: readonly string[], timeoutMs: number): Promise<string> {
  const { exitCode, stdout, stderr } = await runToEnd(program, args, { timeoutMs })
  if (exitCode === 0) return stdout + stderr
  const said = stderr.trim().slice(-2000)
  const last = said.split('\n').find((line) => line.includes('emerg')) ?? said.split('\n').at(-1) ?? ''
  const detail = last === '' ? '' : `: ${last.slice(0, 300)}`
  const cause = new Error(`${program} ${args.join(' ')}: ${said || `exit code ${exitCode}`}`)
  throw new AppError('host_failed', `${program} failed${detail}`, { cause })
}
