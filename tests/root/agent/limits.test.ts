import { stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { execIn, specFor, startAgent, type TestAgent } from '../../helpers/agent.js'
import { until } from '../../helpers/programs.js'

let agent: TestAgent
const context = { actor: 'test' }
const MIB = 1024 ** 2

beforeAll(async () => {
  agent = await startAgent()
  const limits = { cpuMilli: 500, memoryBytes: 256 * MIB, diskBytes: 300 * MIB, pids: 100 }
  await agent.engine.create(specFor('bound', 60, 'nginx-static-none', limits), context)
  await agent.engine.start('bound', context)
})
afterAll(async () => {
  await agent?.close()
})

const usage = async () => (await agent.engine.find('bound'))?.usage ?? {}
const serves = async () => expect((await agent.get('10.1.1.60')).status).toBe(200)

test('a busy loop gets half a core', async () => {
  const before = await usage()
  const begin = performance.now()
  await execIn(agent, 'bound', ['timeout', '4', 'sh', '-c', 'while :; do :; done'])
  const after = await usage()
  const share = ((after.cpuNs ?? 0) - (before.cpuNs ?? 0)) / 1e6 / (performance.now() - begin)
  // What others on the machine leave of it may be less.
  expect(share).toBeGreaterThan(0.15)
  expect(share).toBeLessThan(0.6)
  expect(after.throttledNs).toBeGreaterThan(before.throttledNs ?? 0)
  await serves()
})

test('300 MB inside 256 MB are killed inside, and the site goes on', async () => {
  const pid = (await agent.engine.find('bound'))?.pid
  const { code } = await execIn(agent, 'bound', ['sh', '-c', 'head -c 300M /dev/zero | tail'])
  expect(code).not.toBe(0)
  expect((await usage()).oomKills).toBeGreaterThan(0)
  await until('it serves', async () => (await agent.get('10.1.1.60')).status === 200)
  expect((await agent.engine.find('bound'))?.pid).toBe(pid)
})

test('400 MB on a disk of 300 MB stop there, and the host is as before', async () => {
  const host = async () => (({ bavail, bsize }) => bavail * bsize)(await statfs(agent.settings.stateFolder))
  const before = await host()
  const write = await execIn(agent, 'bound', ['sh', '-c', 'head -c 400M /dev/zero >full'])
  expect(write.stderr).toContain('No space left on device')
  const { size, blocks } = await stat(join(agent.settings.stateFolder, 'sites/bound/image'))
  expect(size).toBe(300 * MIB)
  expect(blocks * 512).toBeLessThanOrEqual(301 * MIB)
  expect(before - (await host())).toBeLessThan(400 * MIB)
  expect((await usage()).diskUsedBytes).toBeGreaterThan(200 * MIB)
  await serves()
  expect((await agent.engine.files('bound', 'test').list('')).entries.map(({ name }) => name)).toContain('full')
  expect(await agent.engine.stop('bound', context)).toEqual({ clean: true })
  await agent.engine.start('bound', context)
  await serves()
})

test('a fork bomb ends at the number of processes, and the site can still be stopped and destroyed', async () => {
  // What it makes stays, so that its number can be seen; a bomb whose halves die at the limit is above it for moments only.
  const bomb = 'sleep 60 & (while :; do sleep 60 & done); wait'
  void execIn(agent, 'bound', ['sh', '-c', bomb], { timeoutMs: 60_000 }).catch(() => undefined)
  await until('it is at its limit', async () => ((await usage()).pids ?? 0) >= 90)
  expect((await usage()).pids).toBeLessThanOrEqual(100)
  const begin = performance.now()
  await agent.engine.stop('bound', context)
  expect(performance.now() - begin).toBeLessThan(30_000)
  await agent.engine.destroy('bound', context)
  expect(await agent.engine.list()).toEqual([])
})
