import { afterAll, beforeAll, expect, test } from 'vitest'
import { specFor, startAgent, type TestAgent } from '../../helpers/agent.js'

let agent: TestAgent
const context = { actor: 'test' }
const COUNT = 20

beforeAll(async () => {
  agent = await startAgent()
})
afterAll(async () => {
  await agent?.close()
})

test('CRA-5: 20 sites made and started at once are 20 different ones, all live; then none', async () => {
  const numbers = Array.from({ length: COUNT }, (_, index) => 100 + index)
  const created = await Promise.all(numbers.map((n) => agent.engine.create(specFor(`site${n}`, n), context)))
  for (const field of ['id', 'ipv4', 'ipv6', 'sftpPort', 'uidBase'] as const)
    expect(new Set(created.map((status) => status[field])).size, field).toBe(COUNT)
  const started = await Promise.all(numbers.map((n) => agent.engine.start(`site${n}`, context)))
  expect(new Set(started.map(({ pid }) => pid)).size).toBe(COUNT)
  const answers = await Promise.all(started.map(({ ipv4 }) => agent.get(ipv4)))
  expect(answers.map(({ status }) => status)).toEqual(Array(COUNT).fill(200))
  const listed = await agent.engine.list()
  expect(listed.map(({ phase }) => phase)).toEqual(Array(COUNT).fill('running'))
  for (const { usage } of listed)
    expect(usage).toMatchObject({
      memoryBytes: expect.any(Number),
      pids: expect.any(Number),
      diskUsedBytes: expect.any(Number),
    })
  await Promise.all(numbers.map((n) => agent.engine.destroy(`site${n}`, context)))
  expect(await agent.engine.list()).toEqual([])
})

test('CRA-5: one address asked for twice at once: one wins', async () => {
  const both = await Promise.allSettled([
    agent.engine.create(specFor('one', 150), context),
    agent.engine.create(specFor('other', 150), context),
  ])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const lost = both.find((result) => result.status === 'rejected')
  expect(lost?.reason).toMatchObject({ code: 'conflict' })
  for (const { id } of await agent.engine.list()) await agent.engine.destroy(id, context)
})

test('CRA-6: verbs of several callers on one site follow one another, without a deadlock', async () => {
  await agent.engine.create(specFor('busy', 151), context)
  const verbs = Array.from({ length: 12 }, (_, index) =>
    [
      () => agent.engine.start('busy', context),
      () => agent.engine.stop('busy', context),
      () => agent.engine.files('busy', 'test').list('public'),
    ][index % 3]?.(),
  )
  const results = await Promise.allSettled(verbs)
  for (const result of results)
    if (result.status === 'rejected') expect(['conflict', 'host_failed']).toContain(result.reason.code)
  const status = await agent.engine.start('busy', context)
  expect((await agent.get(status.ipv4)).status).toBe(200)
  await agent.engine.destroy('busy', context)
})
