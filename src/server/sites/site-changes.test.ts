import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PANEL, PanelClient, until, waitFor } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import { AppError } from '../../model/errors.js'
import type { SiteAccess } from '../../model/site.js'
import { buildApp } from '../app.js'
import { findSite } from '../register/sites.js'

let brain: TestBrain
let app: FastifyInstance
let alice: PanelClient
const at = { params: { name: 'shop' } }
const MIB = 1024 ** 2

beforeEach(async () => {
  brain = await openTestBrain()
  app = await buildApp(brain.dependencies, PANEL)
  alice = await new PanelClient(app).signIn('alice')
  const stack = { server: 'nginx', language: 'php', database: 'mariadb' }
  await alice.finish(brain, 'createSite', { body: { name: 'shop', stack, domains: ['example.org'] } })
})
afterEach(async () => {
  await brain.end()
  expect(brain.logged).toEqual([])
})

const record = async () => (await findSite(brain.dependencies.register.db, 'shop')) ?? expect.fail('no site')

describe('power', () => {
  it('stops, starts, restarts, and is the same when it is so already', async () => {
    expect(await alice.finish(brain, 'stopSite', at)).toMatchObject({ kind: 'site.stop', state: 'done' })
    expect(await alice.call('getSite', at)).toMatchObject({ state: 'stopped', wanted: 'stopped' })
    expect((await alice.finish(brain, 'stopSite', at)).state).toBe('done')
    expect((await alice.finish(brain, 'startSite', at)).state).toBe('done')
    expect((await alice.finish(brain, 'startSite', at)).state).toBe('done')
    expect(await alice.finish(brain, 'restartSite', at)).toMatchObject({ kind: 'site.restart', state: 'done' })
    expect(await alice.call('getSite', at)).toMatchObject({ state: 'running', wanted: 'running' })
    expect(brain.engine.calls.slice(-4)).toEqual(expect.arrayContaining(['stop shop', 'start shop']))
  })

  it('CRA-6: is refused while something else is at it, and says who does what', async () => {
    const release = brain.engine.holdNext('stop')
    const { operation } = await alice.call('stopSite', at)
    const admin = await new PanelClient(app).signIn('admin')
    const answer = await admin.send('restartSite', at)
    expect(answer.statusCode).toBe(423)
    expect(answer.json()).toMatchObject({
      error: { code: 'busy', message: 'shop is busy: alice is stopping it.', hint: expect.stringContaining(operation) },
    })
    expect(await alice.call('getSite', at)).toMatchObject({ state: 'stopping', operation })
    release()
    expect((await waitFor(brain, operation)).state).toBe('done')
  })

  it('shows a start that failed, and why', async () => {
    await alice.finish(brain, 'stopSite', at)
    brain.engine.failNext('start', new AppError('timed_out', 'mariadb did not answer within 30 s'))
    expect(await alice.finish(brain, 'startSite', at)).toMatchObject({ state: 'failed', error: { code: 'timed_out' } })
    expect(await alice.call('getSite', at)).toMatchObject({
      state: 'failed',
      wanted: 'running',
      reason: 'mariadb did not answer within 30 s',
    })
  })
})

describe('destroying', () => {
  it('takes everything, and frees name, domain, address and port', async () => {
    expect(await alice.finish(brain, 'destroySite', { ...at, query: {} })).toMatchObject({
      kind: 'site.destroy',
      state: 'done',
    })
    expect((await alice.send('getSite', at)).statusCode).toBe(404)
    expect(brain.engine.cells.size).toBe(0)
    expect(brain.proxy.routes?.sites).toEqual([])
    await alice.finish(brain, 'createSite', { body: { name: 'shop', domains: ['example.org'] } })
    expect(await alice.call('getSite', at)).toMatchObject({ ipv4: '10.1.1.2', sftpPort: 22_002 })
  })

  it('WEB-6: is one effect when it is asked for twice', async () => {
    const release = brain.engine.holdNext('destroy')
    const { operation } = await alice.call('destroySite', { ...at, query: {} })
    expect((await alice.send('destroySite', { ...at, query: {} })).statusCode).toBe(423)
    release()
    await waitFor(brain, operation)
    expect((await alice.send('destroySite', { ...at, query: {} })).statusCode).toBe(404)
  })

  it('goes on by itself when the engine was away', async () => {
    brain.engine.failNext('destroy', new AppError('unavailable', 'The agent does not answer.'))
    expect((await alice.finish(brain, 'destroySite', { ...at, query: {} })).state).toBe('failed')
    expect((await alice.send('startSite', at)).statusCode).toBe(423)
    await brain.reconciler.run()
    await until('it is gone', async () => (await alice.send('getSite', at)).statusCode === 404)
  })

  it('gives new passwords to a new site of the same name', async () => {
    const before = await alice.call('siteAccess', at)
    await alice.finish(brain, 'destroySite', { ...at, query: {} })
    await alice.finish(brain, 'createSite', { body: { name: 'shop' } })
    expect((await alice.call('siteAccess', at)).sftp.password).not.toBe(before.sftp.password)
  })
})

describe('limits', () => {
  it('reach the container at once', async () => {
    const ended = await alice.finish(brain, 'setLimits', { ...at, body: { cpuMilli: 500, memoryBytes: 128 * MIB } })
    expect(ended.state).toBe('done')
    expect(brain.engine.specOf('shop')?.limits).toMatchObject({ cpuMilli: 500, memoryBytes: 128 * MIB })
    expect(await record()).toMatchObject({ generation: 2, applied: 2 })
  })

  it('do not shrink a disk, and go back when the engine refuses', async () => {
    const smaller = await alice.send('setLimits', { ...at, body: { diskBytes: 64 * MIB } })
    expect(smaller.json()).toMatchObject({ error: { code: 'invalid', fields: [{ path: 'diskBytes' }] } })
    brain.engine.failNext('update', new AppError('limit_reached', 'The disk cannot keep the promise.'))
    const ended = await alice.finish(brain, 'setLimits', { ...at, body: { diskBytes: 2048 * MIB } })
    expect(ended).toMatchObject({ state: 'failed', error: { code: 'limit_reached' } })
    expect(await alice.call('getSite', at)).toMatchObject({ limits: { diskBytes: 1024 * MIB } })
    expect((await record()).applied).toBeLessThan((await record()).generation)
    await brain.reconciler.run()
    await until('the old ones are applied', async () => (await record()).applied === (await record()).generation)
    expect(brain.engine.specOf('shop')?.limits.diskBytes).toBe(1024 * MIB)
  })
})

const passwordOf = ({ database }: SiteAccess) => (database && 'password' in database ? database.password : 'none')

describe('credentials', () => {
  it('are derived, shown to the owner, and nowhere written in plain', async () => {
    const access = await alice.call('siteAccess', at)
    expect(access).toEqual({
      sftp: {
        host: 'shop.sites.localhost',
        port: 22_002,
        user: 'site',
        password: expect.stringMatching(/^\w{20}$/),
        keys: [],
      },
      database: {
        host: 'localhost',
        name: 'site',
        user: 'site',
        password: expect.stringMatching(/^\w{20}$/),
        file: '/home/site/private/database.env',
      },
    })
    expect(brain.engine.specOf('shop')?.settings.databasePassword).toBe(passwordOf(access))
    const { db } = brain.dependencies.register
    const everything = JSON.stringify([
      await db.selectFrom('sites').selectAll().execute(),
      await db.selectFrom('operations').selectAll().execute(),
    ])
    for (const secret of [access.sftp.password, passwordOf(access)]) expect(everything).not.toContain(secret)
  })

  it('are renewed one by one', async () => {
    const before = await alice.call('siteAccess', at)
    const hash = brain.engine.specOf('shop')?.settings.sftpPasswordHash
    await alice.finish(brain, 'rotatePassword', { ...at, body: { which: 'sftp' } })
    const after = await alice.call('siteAccess', at)
    expect(after.sftp.password).not.toBe(before.sftp.password)
    expect(after.database).toEqual(before.database)
    expect(brain.engine.specOf('shop')?.settings.sftpPasswordHash).not.toBe(hash)
    await alice.finish(brain, 'rotatePassword', { ...at, body: { which: 'database' } })
    expect(passwordOf(await alice.call('siteAccess', at))).not.toBe(passwordOf(before))
  })

  it('are the old ones when the site could not learn the new ones', async () => {
    const before = await alice.call('siteAccess', at)
    brain.engine.failNext('update', new AppError('host_failed', 'no'))
    expect((await alice.finish(brain, 'rotatePassword', { ...at, body: { which: 'sftp' } })).state).toBe('failed')
    expect(await alice.call('siteAccess', at)).toEqual(before)
  })

  it('take public keys, and refuse what is none', async () => {
    const blob = Buffer.concat([Buffer.from('\0\0\0\x0bssh-ed25519\0\0\0 ', 'latin1'), Buffer.alloc(32, 5)]).toString(
      'base64',
    )
    await alice.finish(brain, 'setSftpKeys', { ...at, body: { keys: [` ssh-ed25519 ${blob} alice@home `] } })
    const keys = [`ssh-ed25519 ${blob} alice@home`]
    expect((await alice.call('siteAccess', at)).sftp.keys).toEqual(keys)
    expect(brain.engine.specOf('shop')?.settings.sftpKeys).toEqual(keys)
    const answer = await alice.send('setSftpKeys', { ...at, body: { keys: [keys[0], 'nonsense'] } })
    expect(answer.json()).toMatchObject({ error: { code: 'invalid', fields: [{ path: 'keys.1' }] } })
  })
})
