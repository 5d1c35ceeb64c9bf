import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { findStartTime } from '../../../src/agent/host/processes.js'
import type { ContainerStatus } from '../../../src/model/container.js'
import { execIn, specFor, startAgent, type TestAgent } from '../../helpers/agent.js'
import { finish } from '../../helpers/programs.js'

let agent: TestAgent
const context = { actor: 'test' }

beforeAll(async () => {
  agent = await startAgent()
})
afterEach(async () => {
  for (const { id } of await agent.engine.list()) await agent.engine.destroy(id, context)
})
afterAll(async () => {
  await agent?.close()
})

/** What a container could leave on the machine. */
async function traces(status: ContainerStatus): Promise<string[]> {
  const { stateFolder, runFolder, logFolder, cgroup } = agent.settings
  const n = status.ipv4.split('.').at(-1)
  const links = (await agent.inside('ip', '-o', 'link')).stdout
  const neighbours = (await agent.inside('ip', 'neighbour')).stdout
  const rules = (await agent.inside('nft', 'list', 'ruleset')).stdout
  const tracked = (await agent.inside('conntrack', '-L')).stdout
  const forwarding = (await agent.inside('bridge', 'fdb')).stdout
  const loops = readdirSync('/sys/block')
    .map((name) => `/sys/block/${name}/loop/backing_file`)
    .filter((file) => existsSync(file) && readFileSync(file, 'utf8').includes(join(stateFolder, 'sites', status.id)))
  const groups = readdirSync('/sys/fs/cgroup').map((name) => `/sys/fs/cgroup/${name}/${cgroup}/${status.id}`)
  return [
    ...(links.includes(`rv${n}@`) ? ['link'] : []),
    ...(neighbours.includes(`${status.ipv4} `) ? ['neighbour'] : []),
    ...(rules.includes(`${status.ipv4} `) || rules.includes(`: ${status.ipv4}`) ? ['rule'] : []),
    ...(tracked.includes(`${status.ipv4} `) ? ['connection'] : []),
    ...(forwarding.includes(`rv${n} `) ? ['forwarding'] : []),
    ...loops,
    ...[
      ...groups,
      join(stateFolder, 'sites', status.id),
      join(runFolder, 'containers', `${status.id}.json`),
      join(runFolder, 'containers', `${status.id}.console`),
      join(logFolder, 'sites', status.id),
    ].filter((path) => existsSync(path)),
    ...readdirSync(join(stateFolder, 'trash')).map((name) => `trash/${name}`),
  ]
}

test('CRA-7: a static site is made, serves, stops cleanly and goes without a trace', async () => {
  const created = await agent.engine.create(specFor('plain', 5), context)
  expect(created).toMatchObject({
    id: 'plain',
    phase: 'stopped',
    wanted: 'stopped',
    ipv4: '10.1.1.5',
    ipv6: 'fd00:10:1:1::5',
    sftpPort: 22_005,
    restarts: 0,
  })
  const steps: string[] = []
  const running = await agent.engine.start('plain', { ...context, note: ({ step }) => steps.push(step) })
  expect(running).toMatchObject({ phase: 'running', wanted: 'running', restarts: 0, pid: expect.any(Number) })
  expect([...new Set(steps)]).toEqual(['template', 'image', 'cgroup', 'launch', 'network', 'gate', 'ready', 'firewall'])
  expect((await agent.get('10.1.1.5')).status).toBe(200)
  expect(readFileSync(`/proc/${running.pid}/uid_map`, 'utf8').trim().split(/\s+/)).toEqual([
    '0',
    String(running.uidBase),
    '65536',
  ])
  const inside = await traces(running)
  expect(inside).toContain('link')
  expect(inside).toContain('neighbour')
  expect(inside.filter((path) => path.startsWith('/sys/block'))).toHaveLength(1)

  expect(await agent.engine.stop('plain', context)).toEqual({ clean: true })
  expect(findStartTime(running.pid ?? 0)).toBeUndefined()
  const stopped = await agent.engine.find('plain')
  expect(stopped).toMatchObject({ phase: 'stopped', wanted: 'stopped' })
  expect(stopped?.usage?.diskUsedBytes).toBeGreaterThan(0)
  expect(stopped?.usage?.diskUsedBytes).toBeLessThan(5 * 1024 ** 2)
  // What stays of a stopped site: its files, its console, its place in the firewall, and for a moment its tracked connections.
  const left = async () => (await traces(running)).map((path) => path.split('/').at(-1)).sort()
  await expect.poll(left).toEqual(['plain', 'plain', 'plain.console', 'rule'])
  expect((await agent.get('10.1.1.5')).status).toBe(0)

  await agent.engine.destroy('plain', context)
  expect(await agent.engine.list()).toEqual([])
  expect(await traces(running)).toEqual([])
  expect(await agent.engine.find('plain')).toBeUndefined()
  // Its name is in the audit log and nowhere else.
  const { stateFolder, runFolder, logFolder } = agent.settings
  const named = await finish('grep', ['-rl', '--devices=skip', 'plain', stateFolder, runFolder, logFolder])
  expect(named.stdout).toBe(`${join(stateFolder, 'audit.log')}\n`)
  const files = await finish('find', [stateFolder, runFolder, logFolder, '-name', '*plain*'])
  expect(files.stdout).toBe('')
})

test('MariaDB is shut down, not killed, and its data is there again', async () => {
  await agent.engine.create(specFor('shop', 6, 'nginx-php-mariadb', { cpuMilli: 1000, diskBytes: 1024 ** 3 }), context)
  await agent.engine.start('shop', context)
  expect((await agent.get('10.1.1.6')).status).toBe(200)
  const sql = (text: string) =>
    execIn(agent, 'shop', ['sh', '-c', 'exec mariadb -N -h localhost -u site -p"$DATABASE_PASSWORD" site'], {
      stdin: Buffer.from(text),
    })
  expect(await sql('CREATE TABLE t (n INT) ENGINE=InnoDB; INSERT INTO t VALUES (42);')).toMatchObject({ code: 0 })
  const before = (await agent.engine.find('shop'))?.pid

  expect(await agent.engine.stop('shop', context)).toEqual({ clean: true })
  const log = (await agent.engine.logs('shop', 2000))
    .filter(({ source }) => source === 'mariadb')
    .map(({ text }) => text)
  expect(log.filter((line) => /: Shutdown complete$/.test(line))).toHaveLength(1)

  await agent.engine.start('shop', context)
  expect(await sql('SELECT n FROM t;')).toMatchObject({ code: 0, stdout: '42\n' })
  const again = (await agent.engine.logs('shop', 2000)).map(({ text }) => text).join('\n')
  expect(again).not.toMatch(/crash recovery|was not shut down/i)
  expect((await agent.engine.find('shop'))?.pid).not.toBe(before)
  await agent.engine.destroy('shop', context)
})

test('whoever comes while a site starts is refused until all of its services answer, and never sees half of it', async () => {
  await agent.engine.create(specFor('eager', 7, 'nginx-php-mariadb', { diskBytes: 500 * 1024 ** 2 }), context)
  let isUp = false
  const starting = agent.engine.start('eager', context).finally(() => {
    isUp = true
  })
  const answers: { status: number; text: string }[] = []
  while (!isUp) answers.push(await agent.get('10.1.1.7'))
  await starting
  answers.push(await agent.get('10.1.1.7'))
  const served = answers.filter(({ status }) => status !== 0)
  expect(answers[0]?.status).toBe(0)
  for (const { status, text } of served) expect([status, text]).toEqual([200, expect.stringMatching(/id="visits">\d/)])
})

test('every verb asked twice has one effect', async () => {
  const spec = specFor('twice', 7)
  const first = await agent.engine.create(spec, context)
  expect(await agent.engine.create(spec, context)).toMatchObject({ uidBase: first.uidBase, phase: 'stopped' })
  const [one, two] = await Promise.all([agent.engine.start('twice', context), agent.engine.start('twice', context)])
  expect(one.pid).toBe(two.pid)
  expect(await agent.engine.create(spec, context)).toMatchObject({ phase: 'running', pid: one.pid })
  const stops = await Promise.all([agent.engine.stop('twice', context), agent.engine.stop('twice', context)])
  expect(stops).toEqual([{ clean: true }, { clean: true }])
  await Promise.all([agent.engine.destroy('twice', context), agent.engine.destroy('twice', context)])
  await agent.engine.destroy('twice', context)
  await expect(agent.engine.start('twice', context)).rejects.toMatchObject({ code: 'not_found' })
  await expect(agent.engine.stop('twice', context)).rejects.toMatchObject({ code: 'not_found' })
})

test('what is taken, or cannot be kept, is refused and leaves nothing', async () => {
  const folders = () => readdirSync(join(agent.settings.stateFolder, 'sites')).sort()
  await agent.engine.create(specFor('first', 8), context)
  const before = folders()
  const refused = (change: object, code: string) =>
    expect(agent.engine.create({ ...specFor('second', 9), ...change }, context)).rejects.toMatchObject({ code })
  await refused({ id: 'first' }, 'conflict')
  await refused({ address: 8 }, 'conflict')
  await refused({ sftpPort: 22_008 }, 'conflict')
  await refused({ limits: { ...specFor('second', 9).limits, diskBytes: 1024 ** 4 } }, 'limit_reached')
  await refused({ template: 'f'.repeat(64) }, 'not_found')
  await refused({ stack: { server: 'nginx', language: 'cobol', database: 'none' } }, 'not_found')
  await refused({ id: '../x' }, 'invalid')
  expect(folders()).toEqual(before)
  expect((await agent.engine.list()).map(({ id }) => id)).toEqual(['first'])
  await agent.engine.destroy('first', context)
})

test('events tell what happens, and list and get wait for nobody', async () => {
  const seen: string[] = []
  const listening = new AbortController()
  agent.engine.follow((event) => {
    if (event.type === 'container') seen.push(`${event.status.id} ${event.status.phase}`)
    else seen.push('id' in event ? `${event.id} ${event.type}` : event.type)
  }, listening.signal)
  await expect.poll(() => seen).toEqual(['resync'])
  await agent.engine.create(specFor('told', 10), context)
  const start = agent.engine.start('told', context)
  await expect.poll(() => seen).toContain('told starting')
  expect((await agent.engine.list()).find(({ id }) => id === 'told')?.phase).toBe('starting')
  expect((await agent.engine.find('told'))?.phase).toBe('starting')
  await start
  await agent.engine.stop('told', context)
  await agent.engine.destroy('told', context)
  await expect.poll(() => seen.at(-1)).toBe('told gone')
  listening.abort()
  const phases = seen.filter((line, index) => line !== seen[index - 1])
  expect(phases).toEqual([
    'resync',
    'told creating',
    'told stopped',
    'told starting',
    'told running',
    'told stopping',
    'told stopped',
    'told gone',
  ])
})
