import { execFile } from 'node:child_process'
import { AppError } from '../../model/errors.js'

/**
 * Runs a program by argv, without a shell and with none of our environment, and answers what it said on standard output and standard error together.
 * AppError `timed_out` after `timeoutMs`, `host_failed` when it could not be started or failed; the cause is for the log.
 */
export function run(program: string, args: readonly string[], timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout: timeoutMs, killSignal: 'SIGKILL', env: { LANG: 'C.UTF-8' }, cwd: '/' } as const
    execFile(program, args, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout + stderr)
      const said = stderr.trim().slice(-2000)
      const cause = new Error(`${program} ${args.join(' ')}: ${said || error.message}`)
      if (error.killed) return reject(new AppError('timed_out', `${program} took too long and was ended`, { cause }))
      const last = said.split('\n').find((line) => line.includes('emerg')) ?? said.split('\n').at(-1) ?? ''
      const detail = last === '' ? '' : `: ${last.slice(0, 300)}`
      reject(new AppError('host_failed', `${program} failed${detail}`, { cause }))
    })
  })
}
