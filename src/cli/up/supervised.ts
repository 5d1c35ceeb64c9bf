import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../model/errors.js'
import { type Child, type ChildPlan, startChild } from './child.js'
import { waitUntil } from './wait-until.js'

const FIRST_DELAY_MS = 100
const LONGEST_DELAY_MS = 10_000
/** After that time of life a death is no longer part of a series. */
const STEADY_MS = 30_000
const READY_MS = 60_000

export interface SupervisedPlan extends ChildPlan {
  /** What people call it. */
  name: string
  isReady(): Promise<boolean>
  /** Told of what happens to it without being asked for. */
  say(line: string): void
  /** Told of each new process. */
  onStarted(pid: number): Promise<void>
}

/** A program that is started again whenever it ends without being told to. */
export interface Supervised {
  name: string
  /** Tells it to end and waits; after `deadlineMs` it is killed. */
  stop(deadlineMs: number): Promise<void>
}

/** Starts it and waits until it is ready. AppError `host_failed` with the end of its log when it ends before. */
export async function supervise(plan: SupervisedPlan, signal: AbortSignal): Promise<Supervised> {
  const state: State = { child: await startChild(plan), halt: new AbortController() }
  const ended = watchEnd(state.child)
  await plan.onStarted(state.child.pid)
  const life = keepAlive(plan, state, ended)
  const stop = async (deadlineMs: number) => {
    state.halt.abort()
    state.child.kill('SIGTERM')
    const late = setTimeout(() => state.child.kill('SIGKILL'), deadlineMs)
    await life
    clearTimeout(late)
  }
  try {
    await waitReady(plan, ended, signal)
  } catch (error) {
    await stop(5_000)
    throw error
  }
  state.ready = true
  return { name: plan.name, stop }
}

interface State {
  child: Child
  /** Aborted once it shall end. */
  halt: AbortController
  ready?: boolean
}

/** Resolves when it has ended for good: told to, or before it was ever ready. */
async function keepAlive(plan: SupervisedPlan, state: State, firstEnd: Promise<string>): Promise<void> {
  let ended = firstEnd
  let delayMs = FIRST_DELAY_MS
  for (;;) {
    const since = performance.now()
    const how = await ended
    if (state.halt.signal.aborted || !state.ready) return
    if (performance.now() - since > STEADY_MS) delayMs = FIRST_DELAY_MS
    plan.say(`${plan.name} ended (${how}); it is started again.`)
    await sleep(delayMs, undefined, { signal: state.halt.signal }).catch(() => undefined)
    delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)
    if (state.halt.signal.aborted) return
    try {
      state.child = await startChild(plan)
      ended = watchEnd(state.child)
      await plan.onStarted(state.child.pid)
      if (state.halt.signal.aborted) state.child.kill('SIGTERM')
    } catch (error) {
      plan.say(error instanceof Error ? error.message : String(error))
    }
  }
}

function watchEnd(child: Child): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
}

async function waitReady(plan: SupervisedPlan, ended: Promise<string>, signal: AbortSignal): Promise<void> {
  const early = ended.then(async (how) => {
    throw new AppError('host_failed', `${plan.name} ended while it started (${how}).`, {
      hint: `the end of ${plan.logFile}:\n${await readTail(plan.logFile)}`,
    })
  })
  await Promise.race([early, waitUntil(`${plan.name} is ready`, () => plan.isReady(), READY_MS, signal)])
}

async function readTail(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.trimEnd().split('\n').slice(-8).join('\n')
}
