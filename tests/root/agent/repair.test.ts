import { afterAll, beforeAll, expect, test } from 'vitest'
import { specFor, startAgent, type TestAgent } from '../../helpers/agent.js'
import { until } from '../../helpers/programs.js'

let agent: TestAgent
const context = { actor: 'test' }
const WITHIN_MS = 40_000

beforeAll(async () => {
  agent = await startAgent()
})
afterAll(async () => {
  await agent?.close()
})

test('CRA-15: what somebody takes away from under a running site is put back within half a minute', async () => {
  await agent.engine.create(specFor('robbed', 80), context)
  const before = await agent.engine.start('robbed', context)
  for (const damage of [
    ['nft', 'delete', 'table', 'inet', 'ruche'],
    ['nft', 'delete', 'table', 'bridge', 'ruche'],
    ['ip', 'link', 'delete', 'rv80'],
  ])
    expect((await agent.inside(...damage)).code).toBe(0)
  expect((await agent.get(before.ipv4)).status).toBe(0)
  await until('it serves again', async () => (await agent.get(before.ipv4)).status === 200, WITHIN_MS)
  expect((await agent.inside('nft', 'list', 'table', 'inet', 'ruche')).code).toBe(0)
  expect(agent.output()).toContain('network repaired')
  expect((await agent.engine.find('robbed'))?.pid).toBe(before.pid)
})
