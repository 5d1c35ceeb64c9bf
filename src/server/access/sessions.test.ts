import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PANEL, PanelClient, until } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import { buildApp } from '../app.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe('sessions', () => {
  let brain: TestBrain
  let app: FastifyInstance
  beforeEach(async () => {
    brain = await openTestBrain()
    app = await buildApp(brain.dependencies, PANEL)
  })
  afterEach(() => brain.end())

  const statusOf = async (client: PanelClient) => (await client.send('me')).statusCode

  it('sets a cookie that only this host gets back, and keeps no token in the register', async () => {
    const client = new PanelClient(app)
    const answer = await client.send('signIn', { body: { login: ' Alice ', password: 'alice-pass' } })
    expect(answer.json()).toMatchObject({ login: 'alice', administrator: false, mayCreate: true })
    expect(answer.headers['set-cookie']).toMatch(/^__Host-ruche=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    const rows = await brain.dependencies.register.db.selectFrom('sessions').selectAll().execute()
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(client.cookie)
  })

  it.each([
    ['alice', 'wrong'],
    ['alice', ''],
    ['nobody', 'alice-pass'],
    ['', ''],
    ['*', 'alice-pass'],
    ['alice\r\nadministrator: 1', 'alice-pass'],
    ['root', 'root'],
  ])('refuses %j with %j, all in the same words', async (login, password) => {
    const client = new PanelClient(app)
    const answer = await client.send('signIn', { body: { login, password } })
    expect(answer.statusCode).toBe(401)
    expect(answer.json()).toMatchObject({ error: { message: 'The name or the password is wrong.' } })
    expect(client.cookie).toBeUndefined()
  })

  it('gives a new token at each sign-in and ends the session before', async () => {
    const client = await new PanelClient(app).signIn('alice')
    const before = client.cookie
    await client.signIn('alice')
    expect(client.cookie).not.toBe(before)
    const thief = new PanelClient(app)
    thief.cookie = before
    expect(await statusOf(thief)).toBe(401)
  })

  it('does not take a token that it did not give', async () => {
    const client = new PanelClient(app)
    client.cookie = 'A'.repeat(43)
    const answer = await client.send('signIn', { body: { login: 'alice', password: 'alice-pass' } })
    expect(answer.statusCode).toBe(200)
    expect(client.cookie).not.toBe('A'.repeat(43))
  })

  it('ends at sign-out, on the server', async () => {
    const client = await new PanelClient(app).signIn('alice')
    const kept = client.cookie
    await client.call('signOut')
    expect(client.cookie).toBeUndefined()
    client.cookie = kept
    expect(await statusOf(client)).toBe(401)
  })

  it('ends after 12 hours without use, and after a week in any case', async () => {
    const client = await new PanelClient(app).signIn('alice')
    const idle = await new PanelClient(app).signIn('bob')
    brain.clock.pass(11 * HOUR)
    expect(await statusOf(client)).toBe(200)
    brain.clock.pass(2 * HOUR)
    expect(await statusOf(idle)).toBe(401)
    for (let passed = 13; passed < 7 * 24; passed += 11) {
      expect(await statusOf(client)).toBe(200)
      brain.clock.pass(11 * HOUR)
    }
    expect(await statusOf(client)).toBe(401)
  })

  it('ends within a minute when the person leaves the directory', async () => {
    const [active, watcher] = [await new PanelClient(app).signIn('alice'), await new PanelClient(app).signIn('alice')]
    brain.directory.accounts.delete('alice')
    brain.clock.pass(MINUTE)
    expect(await statusOf(active)).toBe(401)
    expect(await statusOf(watcher)).toBe(401)
  })

  it('ends when the name is another entry’s now', async () => {
    const client = await new PanelClient(app).signIn('alice')
    brain.directory.add('alice', 'other', { directoryId: 'another entry' })
    brain.clock.pass(MINUTE)
    expect(await statusOf(client)).toBe(401)
  })

  it('takes new roles within a minute, with a new token', async () => {
    const client = await new PanelClient(app).signIn('admin')
    expect((await client.send('listPeople')).statusCode).toBe(200)
    const before = client.cookie
    brain.directory.add('admin', 'admin-pass', { administrator: false })
    brain.clock.pass(MINUTE)
    expect((await client.send('listPeople')).statusCode).toBe(403)
    expect(client.cookie).not.toBe(before)
    expect(await client.call('me')).toMatchObject({ administrator: false })
    const late = new PanelClient(app)
    late.cookie = before
    expect(await statusOf(late)).toBe(200)
    brain.clock.pass(MINUTE)
    expect(await statusOf(late)).toBe(401)
  })

  it('asks the directory again by itself about who was here lately', async () => {
    await new PanelClient(app).signIn('alice')
    brain.directory.accounts.delete('alice')
    brain.clock.pass(MINUTE)
    await brain.dependencies.sessions.sweep()
    const rows = await brain.dependencies.register.db.selectFrom('sessions').selectAll().execute()
    expect(rows).toEqual([])
  })

  it('lets people look while the directory is away, and change things for a quarter of an hour', async () => {
    const client = await new PanelClient(app).signIn('alice')
    await client.finish(brain, 'createSite', { body: { name: 'shop' } })
    brain.directory.isAway = true
    brain.clock.pass(10 * MINUTE)
    expect((await client.send('stopSite', { params: { name: 'shop' } })).statusCode).toBe(200)
    brain.clock.pass(10 * MINUTE)
    expect(await statusOf(client)).toBe(200)
    const answer = await client.send('startSite', { params: { name: 'shop' } })
    expect(answer.statusCode).toBe(503)
    const stranger = new PanelClient(app)
    expect((await stranger.send('signIn', { body: { login: 'bob', password: 'bob-pass' } })).statusCode).toBe(503)
    expect((await client.send('signOut')).statusCode).toBe(200)
  })

  it('does not keep a page waiting for a slow directory, and still ends the session', async () => {
    const client = await new PanelClient(app).signIn('alice')
    let answer = () => {}
    brain.directory.find = () =>
      new Promise((resolve) => {
        answer = () => resolve(undefined)
      })
    brain.clock.pass(MINUTE)
    const began = Date.now()
    expect(await statusOf(client)).toBe(200)
    expect(Date.now() - began).toBeLessThan(4000)
    answer()
    await until('the session is over', async () => (await statusOf(client)) === 401)
  })

  it('stores nothing that a header brought', async () => {
    const client = new PanelClient(app)
    client.headers = { ...client.headers, 'user-agent': 'x\tadministrator=1', 'x-real-ip': '{"administrator":1}' }
    await client.signIn('alice')
    const [row] = await brain.dependencies.register.db.selectFrom('sessions').selectAll().execute()
    expect(row).toMatchObject({ login: 'alice', administrator: 0, creator: 1 })
    expect(JSON.stringify(row)).not.toContain('administrator=1')
  })
})
