import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { AppError } from '../../../src/model/errors.js'
import { until } from '../../helpers/programs.js'
import type { Act } from './matrix.js'
import { ID, readRegister, type ServerLane } from './server-lane.js'

const params = { name: ID }
const MIB = 1024 ** 2
const domainAt = (turn: number) => `d${turn}.example.test`
const keyAt = (turn: number) =>
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${String(turn)
    .padStart(4, '0')
    .replace(/\d/g, (d) => 'ABCDEFGHIJ'[Number(d)] ?? 'A')}${'A'.repeat(39)} key`

const turnOf = (key = ''): number =>
  Number([...(/AAAAI([A-J]{4})/.exec(key)?.[1] ?? 'A')].map((letter) => 'ABCDEFGHIJ'.indexOf(letter)).join(''))

const findOne = async (lane: ServerLane) => (await readRegister(lane)).sites.find(({ name }) => name === ID)

/** Asks for slow work; resolves when it is done, or when it was acknowledged and the server then died. */
async function follow(lane: ServerLane, asked: Promise<{ operation: string }>): Promise<void> {
  const { operation: id } = await asked
  const ended = await until('it has ended', async () => {
    try {
      const found = await lane.brain.client.call('getOperation', { params: { id } })
      return found.state !== 'running' && found
    } catch (error) {
      if (error instanceof AppError && error.code === 'unavailable') return 'dead' as const
      throw error
    }
  })
  if (ended !== 'dead') expect(ended).toMatchObject({ state: 'done' })
}

async function bring(lane: ServerLane, to: 'absent' | 'stopped' | 'running'): Promise<void> {
  const { client } = lane.brain
  const now = await findOne(lane)
  if (now && to === 'absent') await follow(lane, client.call('destroySite', { params, query: {} }))
  if (to === 'absent') return
  if (!now) await follow(lane, askCreation(lane))
  else if (to === 'running' && now.wanted !== to) await follow(lane, client.call('startSite', { params }))
  if (to === 'stopped' && now?.wanted !== to) await follow(lane, client.call('stopSite', { params }))
}

function askCreation(lane: ServerLane): Promise<{ operation: string }> {
  lane.turn += 1
  const body = {
    name: ID,
    stack: { server: 'nginx', language: 'static', database: 'none' },
    ...{ domains: [domainAt(lane.turn)], vouch: true },
    limits: { diskBytes: 300 * MIB },
  }
  return lane.brain.client.call('createSite', { body })
}

async function expectServed(lane: ServerLane): Promise<void> {
  const { agent } = lane
  const [domain = ''] = (await findOne(lane))?.domains ?? []
  const answer = await agent.inside(
    ...['curl', '-sS', '--max-time', '10', '--cacert', `${agent.root}/lib/certificates/ca.pem`, '-o', '/dev/null'],
    ...['-w', '%{http_code}', '--resolve', `${domain}:443:127.0.0.1`, `https://${domain}/`],
  )
  expect(answer.stdout).toBe('200')
}

const create: Act<ServerLane> = {
  name: 'create',
  prepare: (lane) => bring(lane, 'absent'),
  run: (lane) => follow(lane, askCreation(lane)),
  async check(lane, done) {
    const site = await findOne(lane)
    if (done) expect(site).toBeDefined()
    if (!site) return
    expect(site.domains).toEqual([domainAt(lane.turn)])
    await expectServed(lane)
  },
}

const power = (verb: 'startSite' | 'stopSite' | 'restartSite', from: 'running' | 'stopped'): Act<ServerLane> => ({
  name: verb,
  prepare: (lane) => bring(lane, from),
  run: (lane) => follow(lane, lane.brain.client.call(verb, { params })),
  async check(lane, done) {
    const { wanted } = (await findOne(lane)) ?? expect.fail('it is gone')
    if (done) expect(wanted).toBe(verb === 'stopSite' ? 'stopped' : 'running')
    if (wanted === 'running') await expectServed(lane)
  },
})

const destroy: Act<ServerLane> = {
  name: 'destroy',
  prepare: (lane) => bring(lane, 'running'),
  run: (lane) => follow(lane, lane.brain.client.call('destroySite', { params, query: {} })),
  async check(lane, done) {
    if (done) expect(await findOne(lane)).toBeUndefined()
  },
}

const phaseOf = async (lane: ServerLane) => (await lane.agent.engine.find(ID))?.phase

const sleep: Act<ServerLane> = {
  name: 'sleepSite',
  prepare: (lane) => bring(lane, 'running'),
  run: (lane) => follow(lane, lane.brain.client.call('sleepSite', { params })),
  async check(lane, done) {
    expect(done ? ['asleep'] : ['asleep', 'running']).toContain(await phaseOf(lane))
    // Whoever comes wakes it.
    await expectServed(lane)
    expect(await phaseOf(lane)).toBe('running')
  },
}

const listTrash = async (lane: ServerLane) => (await lane.brain.client.call('listTrash', { query: {} })).sites
const listKept = (lane: ServerLane) => readdirSync(join(lane.agent.settings.stateFolder, 'trash'))

async function emptyTrash(lane: ServerLane): Promise<void> {
  for (const { id } of await listTrash(lane)) await lane.brain.client.call('purgeSite', { params: { id } })
}

/** What is not listed any more is gone, or goes in the next round of the trash, which does so again. */
const purge: Act<ServerLane> = {
  name: 'purge',
  async prepare(lane) {
    await bring(lane, 'stopped')
    await emptyTrash(lane)
    await follow(lane, lane.brain.client.call('destroySite', { params, query: {} }))
  },
  run: emptyTrash,
  async check(lane, done) {
    if (done) expect(listKept(lane)).toEqual([])
    const listed = (await listTrash(lane)).map(({ id }) => id)
    // Never listed without being there.
    expect(listKept(lane)).toEqual(expect.arrayContaining(listed))
    await emptyTrash(lane)
  },
}

/** A change whose value is the turn's, read back from the register. */
function change(
  name: string,
  ask: (lane: ServerLane) => Promise<{ operation: string }>,
  read: (lane: ServerLane) => Promise<number>,
): Act<ServerLane> {
  const before = new Map<ServerLane, number>()
  return {
    name,
    prepare: async (lane) => {
      await bring(lane, 'running')
      before.set(lane, await read(lane))
      lane.turn += 1
    },
    run: (lane) => follow(lane, ask(lane)),
    async check(lane, done) {
      const now = await read(lane)
      if (done) expect(now).toBe(lane.turn)
      else expect([before.get(lane), lane.turn]).toContain(now)
    },
  }
}

const call = (lane: ServerLane) => lane.brain.client
const one = async (lane: ServerLane) => (await findOne(lane)) ?? expect.fail('it is gone')

/** One more name; the oldest goes before there are too many. */
async function askDomain(lane: ServerLane): Promise<{ operation: string }> {
  const { domains } = await one(lane)
  if (domains.length > 3)
    await follow(lane, call(lane).call('removeDomain', { params: { ...params, domain: domains[0] ?? '' } }))
  const body = { domain: domainAt(lane.turn), vouch: true }
  const { operation } = await call(lane).call('addDomain', { params, body })
  return { operation: operation ?? expect.fail('nothing was begun') }
}

const files = (lane: ServerLane) => lane.agent.engine.files(ID, 'test')

async function writePage(lane: ServerLane, text: string): Promise<void> {
  const found = await files(lane)
    .read('public/page.txt')
    .catch(() => undefined)
  await files(lane).save('public/page.txt', found?.version ?? null, Buffer.from(text))
}

const readPage = async (lane: ServerLane) => Buffer.from((await files(lane).read('public/page.txt')).content).toString()
const listBackups = async (lane: ServerLane) => (await call(lane).call('listBackups', { params })).backups

async function removeBackups(lane: ServerLane): Promise<void> {
  for (const { id } of await listBackups(lane)) await call(lane).call('removeBackup', { params: { ...params, id } })
}

const backUp: Act<ServerLane> = {
  name: 'back up',
  async prepare(lane) {
    await bring(lane, 'running')
    await removeBackups(lane)
  },
  run: (lane) => follow(lane, call(lane).call('backUpSite', { params })),
  async check(lane, done) {
    const backups = await listBackups(lane)
    expect(backups.length).toBe(done ? 1 : Math.min(1, backups.length))
    // Whatever is listed is whole.
    for (const { id } of backups) {
      await follow(lane, call(lane).call('proveBackup', { params: { ...params, id } }))
      expect((await listBackups(lane))[0]?.proof).toMatchObject({ proven: true })
    }
  },
}

const restore: Act<ServerLane> = {
  name: 'restore',
  async prepare(lane) {
    await bring(lane, 'running')
    lane.turn += 1
    await removeBackups(lane)
    await writePage(lane, `kept ${lane.turn}`)
    await follow(lane, call(lane).call('backUpSite', { params }))
    await writePage(lane, `later ${lane.turn}`)
  },
  async run(lane) {
    const [backup] = await listBackups(lane)
    const id = backup?.id ?? expect.fail('there is no backup')
    await follow(lane, call(lane).call('restoreBackup', { params: { ...params, id }, body: {} }))
  },
  async check(lane, done) {
    expect(await listBackups(lane)).toHaveLength(1)
    const may = [`kept ${lane.turn}`, ...(done ? [] : [`later ${lane.turn}`])]
    expect(may).toContain(await readPage(lane))
    await expectServed(lane)
  },
}

export const SERVER_ACTS: readonly Act<ServerLane>[] = [
  create,
  power('stopSite', 'running'),
  power('startSite', 'stopped'),
  power('restartSite', 'running'),
  sleep,
  change(
    'limits',
    (lane) => call(lane).call('setLimits', { params, body: { cpuMilli: 300 + lane.turn } }),
    async (lane) => (await one(lane)).limits.cpuMilli - 300,
  ),
  change('domains', askDomain, async (lane) => Number(/\d+/.exec((await one(lane)).domains.at(-1) ?? '')?.[0])),
  change(
    'SFTP keys',
    (lane) => call(lane).call('setSftpKeys', { params, body: { keys: [keyAt(lane.turn)] } }),
    async (lane) => turnOf((await one(lane)).keys[0]),
  ),
  change(
    'variables',
    (lane) => call(lane).call('changeEnvironment', { params, body: { variables: { TURN: String(lane.turn) } } }),
    async (lane) => {
      const { values = {} } = await call(lane).call('siteEnvironment', { params, query: { values: 'true' } })
      return Number(values.TURN ?? 0)
    },
  ),
  change(
    'settings',
    (lane) => call(lane).call('changeSettings', { params, body: { uploadBytes: MIB + lane.turn } }),
    async (lane) => (await call(lane).call('getSettings', { params })).settings.uploadBytes - MIB,
  ),
  {
    name: 'SFTP password',
    prepare: async (lane) => {
      await bring(lane, 'running')
      lane.turn = (await one(lane)).sftp_generation
    },
    run: (lane) => follow(lane, call(lane).call('rotatePassword', { params, body: { which: 'sftp' } })),
    async check(lane, done) {
      const { sftp_generation: now } = await one(lane)
      expect(now - lane.turn).toBe(done ? 1 : Math.min(1, Math.max(0, now - lane.turn)))
      lane.turn += 100
    },
  },
  backUp,
  restore,
  purge,
  destroy,
]
