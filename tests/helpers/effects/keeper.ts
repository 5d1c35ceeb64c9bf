import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EffectPlan, Failure, Moment } from './effect-plan.js'
import { pointOf } from './effect-plan.js'

/** What stands at every door. */
export interface Keeper {
  /** An effect that is about to be: its name with its number, or the error that it is to end with. */
  enter(name: string, isLook?: boolean): { effect: string; failure: Failure | undefined }
  /** A moment of it passes; the process may not outlive it. */
  pass(when: Moment['when'], effect: string, isLook?: boolean): void
  /** Counts what is under way, to know when nothing is. */
  busy(change: 1 | -1): void
  /** What the test is asking for changed. */
  read(): void
}

// Taken before any door is watched.
const own = { existsSync, readFileSync, renameSync, writeFileSync, setInterval, clearInterval, setTimeout }
const LONG_MS = 10_000
const QUIET_MS = 60

/** Pure: names without what is another at each run. */
export function plainName(text: string): string {
  return text
    .replace(/g-[0-9a-z]{6,}-[0-9a-f]{8}/g, 'g-*')
    .replace(/\.test-\w{6}/g, '.test-*')
    .replace(/[0-9a-f]{6,}/g, '*')
    .replace(/\d{3,}/g, '#')
}

export function makeKeeper(folder: string): Keeper {
  let plan: EffectPlan = { id: '', mode: 'off' }
  let counts = new Map<string, number>()
  let moments: Moment[] = []
  let passed = 0
  let pending = 0
  let lastChange = performance.now()
  const regular = watchTimers(() => plan.how === 'silent')
  const answer = (text: object): void => {
    own.writeFileSync(join(folder, 'answer.new'), JSON.stringify({ id: plan.id, ...text }))
    own.renameSync(join(folder, 'answer.new'), join(folder, 'answer'))
  }
  const answerWhenQuiet = (): void => {
    if (pending === 0 && performance.now() - lastChange > QUIET_MS) answer({ moments })
    else own.setTimeout(answerWhenQuiet, 5)
  }
  return {
    enter(name, isLook = false) {
      const plain = plainName(name)
      const n = (counts.get(plain) ?? 0) + 1
      counts.set(plain, n)
      const effect = `${plain} #${n}`
      this.pass('before', effect, isLook)
      return { effect, failure: plan.mode === 'fail' && plan.point === effect ? plan.how : undefined }
    },
    pass(when, effect, isLook = false) {
      if (plan.mode === 'off') return
      const moment = { when, effect, isLook }
      passed += 1
      moments.push(moment)
      if (plan.mode === 'kill' && (plan.point === pointOf(moment) || plan.moment === passed))
        process.kill(process.pid, 'SIGKILL')
    },
    busy(change) {
      pending += change
      lastChange = performance.now()
    },
    read() {
      const before = moments
      const path = join(folder, 'plan')
      if (!own.existsSync(path)) return
      plan = JSON.parse(own.readFileSync(path, 'utf8')) as EffectPlan
      counts = new Map()
      moments = []
      passed = 0
      if (plan.round) {
        for (const work of regular()) work()
        lastChange = performance.now()
        answerWhenQuiet()
      } else answer({ moments: before })
    },
  }
}

/** Keeps hold of regular work, and hurries those who wait for a program that says nothing. */
function watchTimers(isHurried: () => boolean): () => (() => void)[] {
  const regular = new Map<NodeJS.Timeout, () => void>()
  Object.assign(globalThis, {
    setInterval: (work: () => void, ms?: number, ...args: unknown[]) => {
      const timer = own.setInterval(work, ms, ...(args as []))
      if ((ms ?? 0) >= LONG_MS) regular.set(timer, work)
      return timer
    },
    clearInterval: (timer: NodeJS.Timeout) => {
      regular.delete(timer)
      own.clearInterval(timer)
    },
  })
  const patient = own.setTimeout
  const hurried = (work: () => void, ms?: number, ...args: unknown[]) =>
    patient(work, isHurried() && (ms ?? 0) >= LONG_MS / 2 ? (ms ?? 0) / 20 : ms, ...(args as []))
  Object.assign(globalThis, { setTimeout: Object.assign(hurried, patient) })
  return () => [...regular.values()]
}

const PLACE = Symbol.for('ruche effects')

/** The one of this process; the register's door is in another bundle than the others. */
export const findKeeper = (): Keeper | undefined => (globalThis as { [PLACE]?: Keeper })[PLACE]

/** From now on, and whenever the test says so (SIGUSR2), the plan is what its file says. */
export function begin(keeper: Keeper): void {
  Object.assign(globalThis, { [PLACE]: keeper })
  process.on('SIGUSR2', () => keeper.read())
  keeper.read()
}
