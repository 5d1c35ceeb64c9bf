import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { AppError } from '../../model/errors.js'
import { planProveArgs, type RootPlan } from './launch-plan.js'

/** What a confined process was answered: `try mount EPERM`, `read /proc/keys nothing`. */
export interface Attempt {
  kind: 'try' | 'read'
  about: string
  answer: string
}

/** A throw-away container whose process has tried what it may not do, and waits. */
export interface Proof {
  attempts: Attempt[]
  /** Ends it. */
  end(): Promise<void>
}

const TIMEOUT_MS = 20_000

/** Starts `launch prove`, and answers once it has tried everything. AppError `host_failed` with the launcher's words, `timed_out`. */
export async function startProof(program: string, plan: RootPlan): Promise<Proof> {
  const child = spawn(program, planProveArgs(plan), {
    cwd: '/',
    env: {},
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.on('error', () => undefined)
  const exited = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  })
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    child.kill('SIGKILL')
  }, TIMEOUT_MS)
  try {
    const attempts = await readAttempts(child, () => isLate)
    return {
      attempts,
      end: async () => {
        child.stdin.end()
        await exited
      },
    }
  } finally {
    clearTimeout(timer)
  }
}

async function readAttempts(
  child: ChildProcessByStdio<Writable, Readable, Readable>,
  isLate: () => boolean,
): Promise<Attempt[]> {
  const attempts: Attempt[] = []
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000)
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const [kind, about = '', answer = ''] = line.split(' ')
    if (kind === 'end') return attempts
    if (kind === 'try' || kind === 'read') attempts.push({ kind, about, answer })
  }
  if (isLate()) throw new AppError('timed_out', 'The throw-away container did not answer in time.')
  throw new AppError('host_failed', `The throw-away container could not be started: ${said.trim().slice(-200)}`)
}
