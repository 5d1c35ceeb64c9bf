import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { findStartTime } from '../../../src/agent/host/processes.js'
import type { ContainerStatus } from '../../../src/model/container.js'
import { specFor, startAgent, type TestAgent } from '../../helpers/agent.js'
import { finish, until } from '../../helpers/programs.js'

let agent: TestAgent
const context = { actor: 'test' }

beforeAll(async () => {
  agent = await startAgent()
})
afterEach(async () => {
  if (agent.pid() === 0) await agent.start()
  for (const { id } of await agent.engine.list()) await agent.engine.destroy(id, context)
})
afterAll(async () => {
  await agent?.close()
})

async function run(id: string, n: number): Promise<ContainerStatus> {
  await agent.engine.create(specFor(id, n), context)
  return agent.engine.start(id, context)
}

const find = async (id: string) => (await agent.engine.find(id)) ?? expect.fail(`${id} is not there`)
const untilPhase = (id: string, phase: string) =>
  until(`${id} is ${phase}`, async () => (await find(id)).phase === phase && find(id))
const recordPath = (id: string) => join(agent.settings.stateFolder, 'sites', id, 'spec.json')
const groups = () =>
  readdirSync(`/sys/fs/cgroup/pids/${agent.settings.cgroup}`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()

test('CRA-9: sites go on without the agent, and the next one adopts them', async () => {
  const before = await run('lasting', 20)
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    const begin = performance.now()
    await agent.end(signal)
    expect(performance.now() - begin).toBeLessThan(10_000)
    expect((await agent.get(before.ipv4)).status).toBe(200)
    await agent.start()
    expect(await find('lasting')).toMatchObject({
      phase: 'running',
      pid: before.pid,
      restarts: 0,
      startedAt: before.startedAt,
    })
    expect((await agent.get(before.ipv4)).status).toBe(200)
  }
  expect(await agent.engine.stop('lasting', context)).toEqual({ clean: true })
})

test('CRA-15: a site whose first process was killed is brought back', async () => {
  const before = await run('struck', 21)
  process.kill(before.pid ?? 0, 'SIGKILL')
  const after = await until('it is back', async () => {
    const now = await find('struck')
    return now.phase === 'running' && now.pid !== before.pid && now
  })
  expect(after).toMatchObject({ wanted: 'running', restarts: 1 })
  expect((await agent.get(after.ipv4)).status).toBe(200)
  // Somebody's own start counts anew.
  await agent.engine.stop('struck', context)
  expect(await agent.engine.start('struck', context)).toMatchObject({ restarts: 0 })
})

test('CRA-9: a site that died while no agent was there is started by the next', async () => {
  const before = await run('unseen', 22)
  await agent.end('SIGKILL')
  process.kill(before.pid ?? 0, 'SIGKILL')
  await until('it has ended', async () => findStartTime(before.pid ?? 0) === undefined)
  await agent.start()
  const after = await untilPhase('unseen', 'running')
  expect(after.pid).not.toBe(before.pid)
  expect((await agent.get(after.ipv4)).status).toBe(200)
})

test('CRA-4: half-made sites and files, strangers and what was thrown away are swept; a damaged record is left alone', async () => {
  const { stateFolder, cgroup } = agent.settings
  const kept = await run('kept', 25)
  const damaged = specFor('damaged', 26)
  await agent.engine.create(damaged, context)
  await agent.engine.update({ ...damaged, sftpPort: 22_226 }, context)
  await agent.end('SIGKILL')
  mkdirSync(join(stateFolder, 'sites', '.build-half'))
  writeFileSync(join(stateFolder, 'sites', '.build-half', 'image'), 'x')
  mkdirSync(join(stateFolder, 'trash', 'old.1234'), { recursive: true })
  for (const folder of ['', 'sites/kept']) writeFileSync(join(stateFolder, folder, '.half.0a1b2c3d4e5f.tmp'), 'x')
  writeFileSync(recordPath('damaged'), '{"spec":')
  for (const controller of ['cpu', 'cpuacct', 'memory', 'pids', 'freezer'])
    mkdirSync(`/sys/fs/cgroup/${controller}/${cgroup}/lost`)
  await agent.start()
  await until('the stranger is gone', async () => !groups().includes('lost'))
  expect(readdirSync(join(stateFolder, 'sites')).sort()).toEqual(['damaged', 'kept'])
  expect(readdirSync(join(stateFolder, 'trash'))).toEqual([])
  expect(
    readdirSync(stateFolder)
      .concat(readdirSync(join(stateFolder, 'sites/kept')))
      .join(),
  ).not.toContain('.tmp')
  expect(readFileSync(recordPath('damaged'), 'utf8')).toBe('{"spec":')
  expect(agent.output()).toContain('record cannot be read')
  expect(existsSync(join(stateFolder, 'sites', 'damaged', 'image'))).toBe(true)
  expect((await agent.engine.list()).map(({ id }) => id)).toEqual(['kept'])
  expect((await find('kept')).pid).toBe(kept.pid)
  await expect(agent.engine.create(specFor('damaged', 26), context)).rejects.toMatchObject({ code: 'conflict' })
  // What was there before the last change is there still, to be put back by hand.
  await agent.end('SIGTERM')
  await finish('mv', ['--', join(stateFolder, 'sites/damaged/spec.last.json'), recordPath('damaged')])
  await agent.start()
  expect(await find('damaged')).toMatchObject({ phase: 'stopped' })
})

test('CRA-4: when most sites seem to be strangers, their records are lost and nothing is touched', async () => {
  const { stateFolder } = agent.settings
  const ids = ['lost-a', 'lost-b', 'lost-c', 'lost-d']
  const before = await Promise.all(ids.map((id, index) => run(id, 30 + index)))
  await agent.end('SIGKILL')
  await finish('mv', ['--', join(stateFolder, 'sites'), join(stateFolder, 'sites.away')])
  await agent.start()
  await until('it was said', async () => agent.output().includes('too many strangers'))
  expect(await agent.engine.list()).toEqual([])
  for (const { pid } of before) expect(findStartTime(pid ?? 0)).toBeDefined()
  await agent.end('SIGTERM')
  await finish('rm', ['-r', '--', join(stateFolder, 'sites')])
  await finish('mv', ['--', join(stateFolder, 'sites.away'), join(stateFolder, 'sites')])
  await agent.start()
  expect((await agent.engine.list()).map(({ pid }) => pid)).toEqual(before.map(({ pid }) => pid))
  for (const { ipv4 } of before) expect((await agent.get(ipv4)).status).toBe(200)
})

test('a second agent on the same state is refused, with words', async () => {
  const second = await finish('ip', [
    ...['netns', 'exec', agent.space, process.execPath, join(agent.root, 'agent.mjs')],
    ...['--settings', join(agent.root, 'agent.json')],
  ])
  expect(second.code).toBe(1)
  expect(second.stderr).toContain('another agent is running already')
  expect(await agent.engine.list()).toEqual([])
})
