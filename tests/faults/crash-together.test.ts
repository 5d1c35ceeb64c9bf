import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AppError } from '../../src/model/errors.js'
import { changesOf } from '../helpers/effects.js'
import { until } from '../helpers/programs.js'
import { AGENT_ACTS } from './crash/agent-acts.js'
import { type AgentLane, bring, closeAgentLane, context, find, ID, openAgentLane, specAt } from './crash/agent-lane.js'

let lane: AgentLane
beforeAll(async () => {
  lane = await openAgentLane()
})
afterAll(() => lane && closeAgentLane(lane))

const ROUNDS = 8
const ENDS_WITHIN_MS = 10_000

test('CRA-6: three sessions that start, stop and destroy one site follow one another, and none waits for ever', async () => {
  const { engine } = lane.agent
  const failures: string[] = []
  const session = async (...verbs: (() => Promise<unknown>)[]): Promise<void> => {
    for (let round = 0; round < ROUNDS; round++)
      for (const verb of verbs)
        await verb().catch((error: AppError) => {
          // What another session took away meanwhile is not there: that is an answer.
          if (!['not_found', 'conflict'].includes(error.code)) failures.push(`${error.code}: ${error.message}`)
        })
  }
  await bring(lane, 'created')
  await Promise.all([
    session(
      () => engine.create(specAt(lane.turn), context),
      () => engine.start(ID, context),
    ),
    session(() => engine.stop(ID, context)),
    session(() => engine.destroy(ID, context)),
  ])
  expect(failures).toEqual([])
  await lane.expectSettled()
})

test.each(AGENT_ACTS.map((act) => [act.name, act] as const))(
  'AGT-8: told to end in the middle of %s, the agent ends in time, and the next one finishes or forgets it',
  async (_, act) => {
    const { agent, effects } = lane
    await act.prepare(lane)
    await effects.tell(agent.pid(), { mode: 'record' })
    const done = act.run(lane).then(
      () => true,
      () => false,
    )
    await until('it has begun', async () => (await effects.tell(agent.pid(), { mode: 'record' })).length > 0)
    process.kill(agent.pid(), 'SIGTERM')
    const late = new Promise((resolve) => setTimeout(resolve, ENDS_WITHIN_MS, 'late').unref())
    expect(await Promise.race([agent.ended(), late])).toBe(0)
    await effects.prepare({ mode: 'off' })
    await agent.start()
    await lane.expectSettled()
    await act.check(lane, await done)
  },
)

const damages: [string, string[], RegExp][] = [
  ['the table of the firewall', ['nft', 'delete', 'table', 'inet', 'ruche'], /network repaired/],
  ['the table of the bridge', ['nft', 'delete', 'table', 'bridge', 'ruche'], /network repaired/],
  ['the cable', ['ip', 'link', 'delete', 'rv20'], /the cable rv20 is missing/],
  ['the neighbour', ['ip', 'neighbour', 'delete', '10.1.1.20', 'dev', 'ruche0'], /the neighbour 10.1.1.20 is missing/],
  ['the bridge', ['ip', 'link', 'delete', 'ruche0'], /network repaired/],
]

test.each(damages)(
  'CRA-15: somebody takes %s away, and the next round puts it back and says so',
  async (_, argv, said) => {
    const { agent, effects } = lane
    await bring(lane, 'running')
    const before = await find(lane)
    const from = agent.output().length
    expect((await agent.inside(...argv)).code).toBe(0)
    await effects.tell(agent.pid(), { mode: 'record', round: true })
    expect(changesOf(await effects.tell(agent.pid(), { mode: 'off' }))).not.toEqual([])
    expect(agent.output().slice(from)).toMatch(said)
    expect((await find(lane))?.pid).toBe(before?.pid)
    expect((await agent.get('10.1.1.20')).status).toBe(200)
    await lane.expectSettled()
  },
)

test('CRA-14: a second round has nothing to change, after a start by the agent itself too', async () => {
  const { agent, effects } = lane
  await bring(lane, 'running')
  await lane.expectSettled()
  await agent.end('SIGKILL')
  await effects.prepare({ mode: 'off' })
  await agent.start()
  await lane.expectSettled()
})
