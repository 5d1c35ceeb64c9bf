import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PANEL, PanelClient, until, waitFor } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import type { ApiInput } from '../../model/api.js'
import { AppError } from '../../model/errors.js'
import { buildApp } from '../app.js'
import { listSites } from '../register/sites.js'

type CreateInput = ApiInput<'createSite'>['body']

let brain: TestBrain
let app: FastifyInstance
let root: PanelClient
let alice: PanelClient

beforeEach(async () => {
  brain = await openTestBrain()
  app = await buildApp(brain.dependencies, PANEL)
  root = new PanelClient(await buildApp(brain.dependencies, 'root'))
  alice = await new PanelClient(app).signIn('alice')
})
afterEach(async () => {
  await brain.end()
  // Nothing here is a reason to call the administrator.
  expect(brain.logged).toEqual([])
})

const create = async (client: PanelClient, body: CreateInput) => {
  const { operation } = await client.call('createSite', { body })
  return waitFor(brain, operation)
}
const at = { params: { name: 'shop' } }
const MIB = 1024 ** 2

describe('creating a site', () => {
  it('goes from a name to a running site with its route, and times its steps', async () => {
    const { site, operation } = await alice.call('createSite', { body: { name: 'shop' } })
    expect(site).toMatchObject({
      name: 'shop',
      owner: 'alice',
      state: 'creating',
      url: 'https://shop.sites.localhost/',
    })
    const ended = await waitFor(brain, operation)
    expect(ended).toMatchObject({ kind: 'site.create', subject: 'shop', by: 'alice', state: 'done' })
    expect(ended.steps.map((step) => step.name)).toEqual(
      'template create image spec start launch network ready certificate proxy'.split(' '),
    )
    for (const step of ended.steps) expect(step.durationMs).toBeGreaterThanOrEqual(0)
    expect(await alice.call('getSite', at)).toMatchObject({
      state: 'running',
      wanted: 'running',
      ipv4: '10.1.1.2',
      ipv6: 'fd00:10:1:1::2',
      sftpPort: 22_002,
      domains: ['shop.sites.localhost'],
      rights: ['view', 'power', 'edit', 'manage', 'share', 'delete'],
    })
    expect(brain.proxy.routes?.sites).toEqual([{ name: 'shop', ipv4: '10.1.1.2', domains: ['shop.sites.localhost'] }])
    expect(brain.engine.specOf('shop')?.settings).toMatchObject({
      domains: ['shop.sites.localhost'],
      sftpPasswordHash: expect.stringMatching(/^\$6\$rounds=1000\$/),
      databasePassword: expect.stringMatching(/^[A-Za-z0-9]{20}$/),
    })
  })

  it('can leave it stopped, and gives it what was asked for', async () => {
    const stack = { server: 'nginx', language: 'static', database: 'none' }
    await create(root, {
      name: 'shop',
      stack,
      domains: ['Shop.Example.ORG'],
      limits: { memoryBytes: 64 * MIB },
      owner: 'Bob',
      start: false,
    })
    expect(await root.call('getSite', at)).toMatchObject({
      owner: 'bob',
      state: 'stopped',
      wanted: 'stopped',
      stack,
      domains: ['shop.sites.localhost'],
      claims: ['shop.example.org'],
      limits: { cpuMilli: 1000, memoryBytes: 64 * MIB },
    })
    expect(brain.engine.calls).not.toContain('start shop')
  })

  it('builds a template that is missing first, once for all who need it', async () => {
    brain.engine.stock.forget('nginx-static-none')
    const release = brain.engine.holdNext('buildTemplate')
    const stack = { server: 'nginx', language: 'static', database: 'none' }
    const [one, two] = [
      await root.call('createSite', { body: { name: 'one', stack } }),
      await root.call('createSite', { body: { name: 'two', stack } }),
    ]
    await until('both wait', () => brain.engine.calls.filter((call) => call.startsWith('buildTemplate')).length > 0)
    release()
    expect((await waitFor(brain, one.operation)).state).toBe('done')
    const ended = await waitFor(brain, two.operation)
    expect(ended.state).toBe('done')
    expect(ended.steps.map((step) => step.name)).toContain('packages')
    expect(brain.engine.calls.filter((call) => call.startsWith('buildTemplate'))).toHaveLength(1)
  })

  it('leaves nothing of what failed, and keeps the error', async () => {
    for (const verb of ['create', 'start'] as const) {
      brain.engine.failNext(verb, new AppError('host_failed', `${verb} failed`))
      const ended = await create(alice, { name: 'shop', domains: ['example.org'] })
      expect(ended).toMatchObject({
        state: 'failed',
        error: { code: 'host_failed', message: `${verb} failed`, id: ended.id },
      })
      expect(await listSites(brain.dependencies.register.db)).toEqual([])
      expect(brain.engine.cells.size).toBe(0)
      expect(brain.proxy.routes?.sites ?? []).toEqual([])
    }
    brain.proxy.failure = new AppError('host_failed', 'nginx -t failed')
    expect(await create(alice, { name: 'shop' })).toMatchObject({
      state: 'failed',
      error: { message: 'nginx -t failed' },
    })
    expect(brain.engine.cells.size).toBe(0)
    brain.proxy.failure = undefined
    brain.logged.length = 0
    await brain.reconciler.run()
    await until('the name is free', async () => (await alice.call('checkName', at)).free)
    expect(await create(alice, { name: 'shop', domains: ['example.org'] })).toMatchObject({ state: 'done' })
  })

  it('goes on undoing later what cannot be undone now', async () => {
    brain.engine.failNext('start', new AppError('host_failed', 'no'))
    brain.engine.failNext('destroy', new AppError('unavailable', 'The agent does not answer.'))
    expect(await create(alice, { name: 'shop' })).toMatchObject({ state: 'failed', error: { message: 'no' } })
    expect(await alice.call('getSite', at)).toMatchObject({ state: 'stopping' })
    await brain.reconciler.run()
    await until('it is gone', () => brain.engine.cells.size === 0)
    await until('the name is free', async () => (await alice.call('checkName', at)).free)
  })

  it('gives an address away only when the front proxy leads no old name there', async () => {
    await create(root, { name: 'shop', domains: ['example.org'] })
    brain.proxy.failure = new AppError('host_failed', 'nginx -t failed')
    const { operation } = await root.call('destroySite', { ...at, query: {} })
    expect(await waitFor(brain, operation)).toMatchObject({ state: 'failed', error: { message: 'nginx -t failed' } })
    expect(brain.engine.cells.size).toBe(0)
    const [kept] = await listSites(brain.dependencies.register.db)
    expect(kept).toMatchObject({ name: 'shop', address: 2, lifecycle: 'removing' })
    brain.proxy.failure = undefined
    brain.logged.length = 0
    await brain.reconciler.run()
    await until('the name is free', async () => (await root.call('checkName', at)).free)
    expect(brain.proxy.routes?.sites).toEqual([])
  })

  it('never touches a container that the register does not know', async () => {
    await create(root, { name: 'shop' })
    // It would report the stranger.
    brain.reconciler.close()
    await brain.dependencies.register.db.deleteFrom('sites').execute()
    expect((await alice.send('createSite', { body: { name: 'shop' } })).statusCode).toBe(409)
    brain.dependencies.observed.forget('shop')
    expect(
      await create(alice, { name: 'shop', stack: { server: 'nginx', language: 'php', database: 'mariadb' } }),
    ).toMatchObject({
      state: 'failed',
      error: { code: 'conflict' },
    })
    expect(brain.engine.cells.has('shop')).toBe(true)
    expect(await listSites(brain.dependencies.register.db)).toEqual([])
  })

  it('can be given up while the template is built', async () => {
    brain.engine.stock.forget()
    brain.engine.holdNext('buildTemplate')
    const { operation } = await alice.call('createSite', { body: { name: 'shop' } })
    await until('it builds', () => brain.engine.calls.includes('buildTemplate nginx-php-none'))
    expect(await alice.call('cancelOperation', { params: { id: operation } })).toMatchObject({ id: operation })
    expect((await waitFor(brain, operation)).state).toBe('cancelled')
    expect(await alice.call('checkName', at)).toEqual({ free: true })
    expect((await alice.send('cancelOperation', { params: { id: operation } })).statusCode).toBe(409)
  })

  it('CRA-5: makes twenty at once, each with a place of its own', async () => {
    const ended = await Promise.all(Array.from({ length: 20 }, (_, n) => create(root, { name: `site-${n}` })))
    expect(ended.every((one) => one.state === 'done')).toBe(true)
    const { sites } = await root.call('listSites', { query: { all: 'true' } })
    for (const key of ['ipv4', 'ipv6', 'sftpPort', 'uidBase'] as const)
      expect(new Set(sites.map((site) => site[key])).size).toBe(20)
    expect(brain.proxy.routes?.sites).toHaveLength(20)
    expect(sites.every((site) => site.state === 'running')).toBe(true)
  })
})

describe('what a creation is refused for', () => {
  const refused = async (client: PanelClient, body: unknown) => {
    const answer = await client.send('createSite', { body: body as object })
    return {
      status: answer.statusCode,
      ...(answer.json() as { error: { code: string; fields?: { path: string }[] } }).error,
    }
  }

  it.each([
    ['a;b', 'name'],
    ['A', 'name'],
    ['www', 'name'],
    ['--help', 'name'],
    ['../x', 'name'],
    ['$(id)', 'name'],
    ['x\n', 'name'],
  ])('the name %j', async (name, path) => {
    expect(await refused(root, { name })).toMatchObject({ status: 400, code: 'invalid', fields: [{ path }] })
  })

  it.each([
    [{ domains: ['*.x'] }, 'domains.0'],
    [{ domains: ['shop.sites.localhost'] }, 'domains.0'],
    [{ domains: ['ruche.localhost'] }, 'domains.0'],
    [{ domains: ['x.ruche.localhost'] }, 'domains.0'],
    [{ domains: ['a.org', 'A.org'] }, 'domains.1'],
    [{ stack: { server: 'iis', language: 'php', database: 'none' } }, 'stack.server'],
    [{ limits: { memoryBytes: 1024 ** 4 } }, 'limits.memoryBytes'],
    [{ limits: { disk: 1 } }, 'limits'],
    [{ owner: 'nobody' }, 'owner'],
    [{ colour: 'red' }, ''],
  ])('%j', async (more, path) => {
    expect(await refused(root, { name: 'shop', ...more })).toMatchObject({
      status: 400,
      code: 'invalid',
      fields: [{ path }],
    })
    expect(await listSites(brain.dependencies.register.db)).toEqual([])
  })

  it('a name or a domain that is taken', async () => {
    await create(alice, { name: 'shop', domains: ['example.org'] })
    const bob = await new PanelClient(app).signIn('bob')
    expect(await refused(bob, { name: 'shop' })).toMatchObject({
      status: 409,
      code: 'conflict',
      fields: [{ path: 'name' }],
    })
    const same = await refused(bob, { name: 'blog', domains: ['x.org', 'example.org'] })
    expect(same).toMatchObject({ status: 409, code: 'conflict', fields: [{ path: 'domains.1' }] })
    await create(alice, { name: 'blog', domains: ['blog.example.org'] })
  })

  it('a person without the right, or another owner', async () => {
    const guest = await new PanelClient(app).signIn('guest')
    expect(await refused(guest, { name: 'shop' })).toMatchObject({ status: 403, code: 'forbidden' })
    expect(await refused(alice, { name: 'shop', owner: 'bob' })).toMatchObject({ status: 403, code: 'forbidden' })
    expect(await refused(await new PanelClient(app).signIn('admin'), { name: 'shop', owner: 'root' })).toMatchObject({
      status: 400,
    })
  })

  it('CRA-5: a twentieth domain claim of the same name at once: one wins', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        root.send('createSite', { body: { name: `site-${n}`, domains: ['example.org'] } }),
      ),
    )
    expect(answers.filter((answer) => answer.statusCode === 200)).toHaveLength(1)
    expect(answers.filter((answer) => answer.statusCode === 409)).toHaveLength(19)
  })

  it('no engine', async () => {
    brain.engine.setDown(true)
    expect(await refused(alice, { name: 'shop' })).toMatchObject({ status: 503, code: 'unavailable' })
    expect(await listSites(brain.dependencies.register.db)).toEqual([])
  })

  it('no address that is left', async () => {
    const small = await openTestBrain({ configuration: { network: { ipv4: '10.1.1.0/29' } } })
    const client = new PanelClient(await buildApp(small.dependencies, 'root'))
    const answers = await Promise.all(
      Array.from({ length: 7 }, (_, n) => client.send('createSite', { body: { name: `site-${n}` } })),
    )
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 200, 200, 200, 200, 429, 429])
    await small.end()
  })
})

describe('quotas', () => {
  it('AGT-6: are never exceeded by parallel creations', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        alice.send('createSite', { body: { name: `site-${n}`, limits: { memoryBytes: 64 * MIB } } }),
      ),
    )
    expect(answers.filter((answer) => answer.statusCode === 200)).toHaveLength(3)
    expect(answers.filter((answer) => answer.statusCode === 429)).toHaveLength(9)
    const { used, quota } = await alice.call('me')
    expect(used.sites).toBe(quota.sites)
  })

  it('hold for each part, and say which', async () => {
    const answer = await alice.send('createSite', {
      body: { name: 'shop', limits: { memoryBytes: 2048 * MIB, cpuMilli: 4000 } },
    })
    const { error } = answer.json() as { error: { code: string; fields: { path: string }[] } }
    expect(error.code).toBe('limit_reached')
    expect(error.fields.map((field) => field.path)).toEqual(['limits.cpuMilli', 'limits.memoryBytes'])
  })

  it('AGT-6: hold for changes too, at once with creations', async () => {
    await create(alice, { name: 'shop' })
    const answers = await Promise.all([
      alice.send('setLimits', { ...at, body: { memoryBytes: 900 * MIB } }),
      alice.send('createSite', { body: { name: 'blog' } }),
    ])
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 429])
  })

  it('are an administrator’s to change, with a reason, and to give back', async () => {
    const admin = await new PanelClient(app).signIn('admin')
    const changed = await admin.call('setPerson', {
      params: { login: 'Alice' },
      body: { quota: { sites: 1 }, reason: 'exams' },
    })
    expect(changed).toMatchObject({
      login: 'alice',
      quota: { sites: 1, cpuMilli: 3000 },
      quotaFrom: 'administrator',
      reason: 'exams',
    })
    await create(alice, { name: 'shop' })
    expect((await alice.send('createSite', { body: { name: 'blog' } })).statusCode).toBe(429)
    await admin.call('setPerson', { params: { login: 'alice' }, body: { quota: null } })
    await create(alice, { name: 'blog' })
    const { people } = await admin.call('listPeople')
    expect(people.find((person) => person.login === 'alice')).toMatchObject({
      quotaFrom: 'group',
      sites: ['shop', 'blog'],
      used: { sites: 2 },
      lastSignInAt: expect.any(String),
    })
  })

  it('let what is above them shrink', async () => {
    await create(alice, { name: 'shop', limits: { memoryBytes: 1024 * MIB } })
    await root.call('setPerson', { params: { login: 'alice' }, body: { quota: { memoryBytes: 100 * MIB } } })
    expect((await alice.send('setLimits', { ...at, body: { memoryBytes: 512 * MIB } })).statusCode).toBe(200)
  })
})

describe('who may create', () => {
  it('is the group’s word until an administrator decides', async () => {
    const guest = await new PanelClient(app).signIn('guest')
    const may = async (client: PanelClient) => (await client.call('me')).mayCreate
    expect([await may(guest), await may(alice)]).toEqual([false, true])
    await root.call('setPerson', { params: { login: 'guest' }, body: { decision: 'allowed', reason: 'helps' } })
    await root.call('setPerson', { params: { login: 'alice' }, body: { decision: 'denied' } })
    expect([await may(guest), await may(alice)]).toEqual([true, false])
    expect((await alice.send('createSite', { body: { name: 'shop' } })).statusCode).toBe(403)
    await create(guest, { name: 'shop' })
    const reset = await root.call('setPerson', { params: { login: 'guest' }, body: { decision: 'group' } })
    expect(reset.reason).toBeUndefined()
    expect(await may(guest)).toBe(false)
  })

  it('can be decided before somebody first signs in, but not of nobody', async () => {
    expect(await root.call('setPerson', { params: { login: 'bob' }, body: { decision: 'denied' } })).toMatchObject({
      name: 'Bob Example',
      mayCreate: false,
    })
    expect(
      (await root.send('setPerson', { params: { login: 'typo' }, body: { decision: 'allowed' } })).statusCode,
    ).toBe(404)
    expect((await root.send('setPerson', { params: { login: 'root' }, body: { decision: 'denied' } })).statusCode).toBe(
      400,
    )
  })
})
