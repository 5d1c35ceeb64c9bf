import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findStartTime } from '../../../src/agent/host/processes.js'
import { startAgent, statusField, type TestAgent } from '../../helpers/agent.js'
import { type Effects, openEffects } from '../../helpers/effects.js'
import { until } from '../../helpers/programs.js'

let agent: TestAgent
let effects: Effects

beforeAll(async () => {
  agent = await startAgent(undefined, async (_, root) => {
    effects = await openEffects(root, 'agent')
    return { env: effects.env }
  })
  chmodSync(agent.root, 0o755)
  mkdirSync(agent.settings.proxy.folder, { recursive: true })
})
afterAll(async () => {
  await agent?.close()
})

/** Lays a configuration as the server does: a folder, and the link to it swapped. */
async function lay(name: string, text: string): Promise<void> {
  const { folder } = agent.settings.proxy
  mkdirSync(join(folder, name))
  writeFileSync(join(folder, name, 'nginx.conf'), text)
  symlinkSync(name, join(folder, `.${name}`))
  await rename(join(folder, `.${name}`), join(folder, 'current'))
}

const configuration = (answer: string) => `
pid /dev/null;
error_log stderr warn;
events {}
http {
  access_log off;
  client_body_temp_path /tmp; proxy_temp_path /tmp; fastcgi_temp_path /tmp; uwsgi_temp_path /tmp; scgi_temp_path /tmp;
  server { listen 127.0.0.1:80; return 200 ${answer}; }
}
`
const answer = async () => (await agent.get('127.0.0.1')).text
const proxyPid = async () =>
  JSON.parse(await readFile(join(agent.settings.stateFolder, 'proxy.json'), 'utf8')).pid as number
const groupOf = (pid: number) => readFile(`/proc/${pid}/cgroup`, 'utf8')

test('without a configuration it says what is missing', async () => {
  await expect(agent.engine.reloadProxy()).rejects.toMatchObject({
    code: 'host_failed',
    message: expect.stringContaining('nginx.conf'),
  })
})

test('it runs as its own user with one capability, in a group of its own', async () => {
  await lay('one', configuration('one'))
  await agent.engine.reloadProxy()
  expect(await answer()).toBe('one')
  const pid = await proxyPid()
  expect((await statusField(pid, 'Uid')).split(/\s+/)).toEqual(Array(4).fill('65534'))
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
    expect(await statusField(pid, set), set).toBe('0000000000000400')
  expect(await statusField(pid, 'NoNewPrivs')).toBe('1')
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').map(Number)
  expect(children.length).toBeGreaterThan(0)
  for (const one of [pid, ...children]) expect(await groupOf(one)).toContain(`/${agent.settings.cgroup}/.proxy`)
  expect(await agent.engine.list()).toEqual([])
})

test('a new configuration is read by the same process', async () => {
  const before = await proxyPid()
  await lay('two', configuration('two'))
  await agent.engine.reloadProxy()
  // Workers of the old configuration take connections for a moment longer.
  await until('all of it answers anew', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, answer))
    return answers.every((text) => text === 'two')
  })
  expect(await proxyPid()).toBe(before)
})

test('it goes on without the agent and is adopted; when it dies it is started again', async () => {
  const before = await proxyPid()
  await agent.end('SIGKILL')
  expect(await answer()).toBe('two')
  await agent.start()
  await agent.engine.reloadProxy()
  expect(await proxyPid()).toBe(before)
  process.kill(before, 'SIGKILL')
  await until('another one answers', async () => (await proxyPid()) !== before && (await answer()) === 'two')
  // Dead while no agent is there.
  const second = await proxyPid()
  await agent.end('SIGKILL')
  process.kill(second, 'SIGKILL')
  await until('it is gone', async () => findStartTime(second) === undefined)
  await agent.start()
  await until('another one answers', async () => (await proxyPid()) !== second && (await answer()) === 'two')
})

test('what nginx says of itself is moved on, and it goes on saying it', async () => {
  const log = join(agent.settings.logFolder, 'proxy.log')
  writeFileSync(log, 'x'.repeat(17 * 1024 ** 2), { flag: 'a' })
  await effects.tell(agent.pid(), { mode: 'record', round: true })
  await until('it was moved on', async () => (await stat(`${log}.1`)).size > 17 * 1024 ** 2)
  await lay('broken', 'no configuration')
  await agent.engine.reloadProxy()
  await until('it says so there', async () => (await readFile(log, 'utf8')).includes('current/nginx.conf'))
})
