import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { AppError } from '../../model/errors.js'
import { PROGRAM_ENVIRONMENT } from '../run.js'

const FLOCK = '/usr/bin/flock'

export type Child = ChildProcess & { pid: number }

export interface ChildPlan {
  program: string
  args: readonly string[]
  /** Gets what it says. */
  logFile: string
  env?: Record<string, string>
}

/**
 * Starts a program that goes on, in a session of its own, so that an interrupt from the keyboard reaches `up` alone. Its standard input is a pipe
 * that ends when we end: it then ends by itself. AppError `host_failed` when it cannot be started.
 */
export function startChild(plan: ChildPlan): Promise<Child> {
  const log = openSync(plan.logFile, 'a', 0o640)
  return new Promise((resolve, reject) => {
    const child = spawn(plan.program, plan.args, {
      env: { ...PROGRAM_ENVIRONMENT, ...plan.env },
      cwd: '/',
      detached: true,
      stdio: ['pipe', log, log],
    })
    closeSync(log)
    child.stdin?.on('error', () => undefined)
    child.once('error', (error) =>
      reject(new AppError('host_failed', `${plan.program} could not be started: ${error.message}`)),
    )
    child.once('spawn', () => resolve(child as Child))
  })
}

/** Takes an flock(2) on an open file for as long as we keep it open; false when somebody else has it. The lock belongs to the open file that flock(1) inherits. */
export function lockFile(descriptor: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(FLOCK, ['--nonblock', '3'], {
      env: PROGRAM_ENVIRONMENT,
      stdio: ['ignore', 'ignore', 'ignore', descriptor],
    })
    child.once('error', (error) => reject(new AppError('host_failed', `flock could not be started: ${error.message}`)))
    child.once('exit', (code) => resolve(code === 0))
  })
}
