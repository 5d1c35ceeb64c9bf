import { AppError } from '../../../src/model/errors.js'
import { FAILURES, type Failure, type Moment } from '../../helpers/effects/effect-plan.js'
import { type Act, type Lane, shareOut } from './matrix.js'
import { chooseOnePerKind, IS_WHOLE } from './sample.js'

/** One effect of an act that is made to fail once, in one way. */
export interface FailureTrial<L extends Lane> {
  act: Act<L>
  effect: string
  how: Failure
}

const CANNOT_FAIL = /^(answer|kill|call|register)\b/
const AFTERWARDS_MS = 100

/** Effects of these acts, by recording them: programs fail in every way, the kernel in the two that a disk has. Each name once, or each of each act. */
export async function recordFailures<L extends Lane>(
  lanes: readonly L[],
  acts: readonly Act<L>[],
): Promise<FailureTrial<L>[]> {
  const trials: FailureTrial<L>[] = []
  await shareOut(lanes, acts, async (lane, act) => {
    await act.prepare(lane)
    await lane.effects.tell(lane.subject.pid(), { mode: 'record' })
    await act.run(lane)
    await new Promise((resolve) => setTimeout(resolve, AFTERWARDS_MS))
    const moments = await lane.effects.tell(lane.subject.pid(), { mode: 'off' })
    await lane.expectSettled()
    const effects = moments.filter(({ when, effect }) => when === 'before' && !CANNOT_FAIL.test(effect))
    for (const [index, { effect }] of effects.entries())
      for (const how of waysToFail(moments, effect, index)) trials.push({ act, effect, how })
  })
  trials.sort((a, b) => a.act.name.localeCompare(b.act.name))
  return IS_WHOLE ? trials : chooseOnePerKind(trials, ({ effect }) => effect)
}

function waysToFail(moments: readonly Moment[], effect: string, index: number): readonly Failure[] {
  const isProgram = moments.some((moment) => moment.effect === effect && moment.when === 'begun')
  return isProgram ? FAILURES : [index % 2 === 0 ? 'ENOSPC' : 'EIO']
}

/** Makes all trials; answers in words what went wrong. */
export async function makeFailures<L extends Lane>(
  lanes: readonly L[],
  trials: readonly FailureTrial<L>[],
): Promise<string[]> {
  const problems: string[] = []
  const begin = performance.now()
  await shareOut(lanes, trials, async (lane, trial) => {
    await attempt(lane, trial).catch(async (error: Error) => {
      problems.push(`${trial.act.name}: ${trial.effect}: ${trial.how}\n  ${error.message.slice(0, 600)}`)
      console.log(problems.at(-1))
      await lane.effects.tell(lane.subject.pid(), { mode: 'off' })
      await lane.clear()
    })
  })
  const seconds = Math.round((performance.now() - begin) / 1000)
  const programs = new Set(trials.filter(({ how }) => how === 'late').map(({ effect }) => effect.replace(/ #\d+$/, '')))
  console.log(
    `failures: ${trials.length} of ${programs.size} programs and the kernel, ${problems.length} not mended (${seconds} s)`,
  )
  console.log([...programs].join('\n'))
  return problems
}

async function attempt<L extends Lane>(lane: L, { act, effect, how }: FailureTrial<L>): Promise<void> {
  const { effects, subject } = lane
  await act.prepare(lane)
  await effects.tell(subject.pid(), { mode: 'fail', point: effect, how })
  const failure = await act.run(lane).then(
    () => undefined,
    (error: Error) => error,
  )
  // What a full disk did not let be written down is written in the next round.
  await effects.tell(subject.pid(), { mode: 'off', round: true })
  if (failure !== undefined) {
    if (!(failure instanceof AppError) || failure.code === 'internal')
      throw new Error(`no clear error: ${failure.message}`)
    // What failed left nothing behind that a second try would stumble over.
    await lane.expectSettled()
    await act.run(lane)
  }
  await lane.expectSettled()
  await act.check(lane, true)
}
