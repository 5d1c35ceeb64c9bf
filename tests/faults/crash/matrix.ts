import { distinctPoints, type Effects } from '../../helpers/effects.js'
import { PATIENCE } from '../../helpers/programs.js'
import { chooseOnePerKind, IS_WHOLE } from './sample.js'

/** The process that is killed. */
export interface Subject {
  pid(): number
  /** Starts one that may end by itself. */
  launch(): void
  /** Starts one and waits until it answers. */
  start(): Promise<void>
  ended(): Promise<NodeJS.Signals | number>
  end(signal: NodeJS.Signals): Promise<void>
}

/** Where trials are made, one after the other. */
export interface Lane {
  subject: Subject
  effects: Effects
  /** Fails unless all is settled, nothing is left over, and one more round changes nothing. */
  expectSettled(): Promise<unknown>
  /** Takes away what a failed trial left, so that the next one can begin. */
  clear(): Promise<unknown>
}

/** Something that is asked of the subject, and what must be true of it whatever happened meanwhile. */
export interface Act<L extends Lane> {
  name: string
  prepare(lane: L): Promise<void>
  run(lane: L): Promise<unknown>
  /** `done`: somebody was told that it was done. Everything is settled already. */
  check(lane: L, done: boolean): Promise<void>
}

export interface Trial<L extends Lane> {
  act: Act<L>
  point: string
  /** Number of the moment of the recovery at which it is killed again. */
  again?: number
}

/** Work that follows an acknowledgement. */
const AFTERWARDS_MS = 700 * PATIENCE
const DYING_MS = 3000 * PATIENCE
/** Among so many moments of a recovery is the place of a second death: each of them, or every fifth. */
const FIRST_MOMENTS = 60
const STEP = IS_WHOLE ? 1 : 5

const pause = (timeMs: number) => new Promise<undefined>((resolve) => setTimeout(resolve, timeMs, undefined))

/** The points that these acts pass, by recording them; twice, so that only those are taken that are always there. Each name once, or each of each act. */
export async function recordTrials<L extends Lane>(lanes: readonly L[], acts: readonly Act<L>[]): Promise<Trial<L>[]> {
  const trials: Trial<L>[] = []
  await shareOut(lanes, acts, async (lane, act) => {
    const [first, second] = [await recordOne(lane, act), await recordOne(lane, act)]
    const points = first.filter((point) => second.includes(point))
    console.log(`${act.name}: ${points.length} points`)
    for (const point of points) trials.push({ act, point })
  })
  // The lanes share the acts out as they come: by name, so that each run chooses the same.
  trials.sort((a, b) => a.act.name.localeCompare(b.act.name))
  const chosen = IS_WHOLE ? trials : chooseOnePerKind(trials, ({ point }) => point)
  console.log(`${trials.length} points of ${acts.length} acts, of which ${chosen.length} are tried`)
  return chosen
}

async function recordOne<L extends Lane>(lane: L, act: Act<L>): Promise<string[]> {
  await act.prepare(lane)
  await lane.effects.tell(lane.subject.pid(), { mode: 'record' })
  await act.run(lane)
  await pause(AFTERWARDS_MS)
  const moments = await lane.effects.tell(lane.subject.pid(), { mode: 'off' })
  await lane.expectSettled()
  await act.check(lane, true)
  return distinctPoints(moments)
}

/** A second death among the first moments of a recovery; the trials whose recoveries these are lie evenly among all. */
export function planSecondDeaths<L extends Lane>(trials: readonly Trial<L>[]): Trial<L>[] {
  const count = FIRST_MOMENTS / STEP
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    const trial = trials[Math.floor((index * trials.length) / count)]
    return trial === undefined ? [] : [{ ...trial, again: 1 + index * STEP }]
  })
}

/** Makes all trials, each in the next lane that is free; answers in words what went wrong. */
export async function makeTrials<L extends Lane>(what: string, lanes: readonly L[], trials: readonly Trial<L>[]) {
  const problems: string[] = []
  // Said at once: a run that is cut short must not keep its findings to itself.
  const report = (problem: string): void => {
    problems.push(problem)
    console.log(problem)
  }
  const begin = performance.now()
  const left = countActs(trials)
  await shareOut(lanes, trials, async (lane, trial) => {
    const { act, point, again } = trial
    const name = `${act.name}: ${point}${again === undefined ? '' : `, then moment ${again}`}`
    try {
      const missed = (await attempt(lane, trial)) && (await attempt(lane, trial))
      if (missed) report(`${name}: never reached: ${missed}`)
    } catch (error) {
      const { message } = error as Error
      report(`${name}\n  ${message.slice(0, 300)} … ${message.slice(300).slice(-900)}`)
      await lane.effects.prepare({ mode: 'off' })
      await lane.subject.end('SIGKILL')
      await lane.subject.start()
      await lane.clear()
    }
    left.set(act, (left.get(act) ?? 0) - 1)
    if (left.get(act) === 0) console.log(`${what}, ${act.name}: all ${countActs(trials).get(act)} points tried`)
  })
  const seconds = Math.round((performance.now() - begin) / 1000)
  console.log(
    `crash matrix: ${trials.length} points of ${what}, ${trials.length - problems.length} recovered (${seconds} s)`,
  )
  return problems
}

function countActs<L extends Lane>(trials: readonly Trial<L>[]): Map<Act<L>, number> {
  const counts = new Map<Act<L>, number>()
  for (const { act } of trials) counts.set(act, (counts.get(act) ?? 0) + 1)
  return counts
}

/** Each item to the next lane that is free. */
export async function shareOut<L, T>(
  lanes: readonly L[],
  items: readonly T[],
  work: (lane: L, item: T) => Promise<void>,
) {
  const waiting = [...items]
  const next = async (lane: L): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(lane, item)
  }
  await Promise.all(lanes.map(next))
}

const isKilled = async ({ subject }: Lane): Promise<boolean> =>
  (await Promise.race([subject.ended(), pause(DYING_MS)])) === 'SIGKILL'

/** Answers how the act ended when the point was not reached. */
async function attempt<L extends Lane>(lane: L, { act, point, again }: Trial<L>): Promise<string | undefined> {
  const { subject, effects } = lane
  await act.prepare(lane)
  await effects.tell(subject.pid(), { mode: 'kill', point })
  const failure = await act.run(lane).then(
    () => undefined,
    (error: Error) => error.message,
  )
  if (!(await isKilled(lane))) {
    await effects.tell(subject.pid(), { mode: 'off' })
    return failure ?? 'it was done'
  }
  if (again !== undefined) {
    await effects.prepare({ mode: 'kill', moment: again })
    subject.launch()
    if (!(await isKilled(lane))) await subject.end('SIGKILL')
  }
  await effects.prepare({ mode: 'off' })
  await subject.start()
  await lane.expectSettled()
  await act.check(lane, failure === undefined)
  return undefined
}
