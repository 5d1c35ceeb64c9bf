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

  it('AUT-4: sets a cookie that only this host gets back, and keeps no token in the register', async () => {
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
  ])('AUT-6: refuses %j with %j, all in the same words', async (login, password) => {
    const client = new PanelClient(app)
    const answer = await client.send('signIn', { body: { login, password } })
    expect(answer.statusCode).toBe(401)
    expect(answer.json()).toMatchObject({ error: { message: 'The name or the password is wrong.' } })
    expect(client.cookie).toBeUndefined()
  })

  it('AUT-4: gives a new token at each sign-in and ends the session before', async () => {
    const client = await new PanelClient(app).signIn('alice')
    const before = client.cookie
    await client.signIn('alice')
    expect(client.cookie).not.toBe(before)
    const thief = new PanelClient(app)
    thief.cookie = before
    expect(await statusOf(thief)).toBe(401)
  })

  it('AUT-4: does not take a token that it did not give', async () => {
    const client = new PanelClient(app)
    client.cookie = 'A'.repeat(43)
    const answer = await client.send('signIn', { body: { login: 'alice', password: 'alice-pass' } })
    expect(answer.statusCode).toBe(200)
    expect(client.cookie).not.toBe('A'.repeat(43))
  })

  it('AUT-4: ends at sign-out, on the server', async () => {
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

  it('AUT-8: ends within a minute when the person leaves the directory', async () => {
    const [active, watcher] = [await new PanelClient(app).signIn('alice'), await new PanelClient(app).signIn('alice')]
    brain.directory.accounts.delete('alice')
    brain.clock.pass(MINUTE)
    expect(await statusOf(active)).toBe(401)
    expect(await statusOf(watcher)).toBe(401)
  })

  it('CRA-13: ends all the same when the clock was set back a day meanwhile, and when it leaps a day', async () => {
    for (const jumpMs of [-24 * HOUR, 24 * HOUR]) {
      const alice = await new PanelClient(app).signIn('alice')
      brain.clock.pass(jumpMs)
      const account = brain.directory.accounts.get('alice')
      brain.directory.accounts.delete('alice')
      expect(await statusOf(alice)).toBe(401)
      if (account) brain.directory.accounts.set('alice', account)
    }
  })

  it('AUT-8: ends when the name is another entry’s now', async () => {
    const client = await new PanelClient(app).signIn('alice')
    brain.directory.add('alice', 'other', { directoryId: 'another entry' })
    brain.clock.pass(MINUTE)
    expect(await statusOf(client)).toBe(401)
  })

  it('AUT-3, AUT-4, AUT-8: takes new roles within a minute, with a new token', async () => {
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

  it('AUT-8: asks the directory again by itself about who was here lately', async () => {
    await new PanelClient(app).signIn('alice')
    brain.directory.accounts.delete('alice')
    brain.clock.pass(MINUTE)
    await brain.dependencies.sessions.sweep()
    const rows = await brain.dependencies.register.db.selectFrom('sessions').selectAll().execute()
    expect(rows).toEqual([])
  })

  it('AUT-2: lets people look while the directory is away, and change things for a quarter of an hour', async () => {
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

  it('AUT-2: does not keep a page waiting for a slow directory, and still ends the session', async () => {
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

  it('AUT-2: only the first page waits for a slow directory', async () => {
    const [alice, bob] = [await new PanelClient(app).signIn('alice'), await new PanelClient(app).signIn('bob')]
    let questions = 0
    brain.directory.find = () => {
      questions++
      return new Promise(() => undefined)
    }
    brain.clock.pass(MINUTE)
    for (const client of [alice, bob, bob]) expect(await statusOf(client)).toBe(200)
    expect(questions).toBe(1)
  })

  it('AUT-8: asks about a whole school in time', async () => {
    const logins = Array.from({ length: 40 }, (_, n) => `pupil${n}`)
    for (const login of logins) {
      brain.directory.add(login, 'x')
      const person = await brain.directory.find(login)
      if (person) await brain.dependencies.sessions.signIn(person, { address: '', browser: '' })
    }
    const find = brain.directory.find.bind(brain.directory)
    let asked = 0
    let most = 0
    brain.directory.find = async (login) => {
      most = Math.max(most, ++asked)
      await new Promise((resolve) => {
        setTimeout(resolve, 20)
      })
      asked--
      return find(login)
    }
    brain.directory.accounts.delete('pupil0')
    brain.directory.accounts.delete('pupil39')
    brain.clock.pass(MINUTE)
    await brain.dependencies.sessions.sweep()
    const rows = await brain.dependencies.register.db.selectFrom('sessions').select('login').execute()
    expect(rows.map((row) => row.login).sort()).toEqual(logins.slice(1, 39).sort())
    expect(most).toBeGreaterThan(4)
  })

  it('AUT-8: ends a program that runs for somebody whose session ends', async () => {
    const client = await new PanelClient(app).signIn('alice')
    await client.finish(brain, 'createSite', { body: { name: 'shop' } })
    const answer = client.send('execInSite', { params: { name: 'shop' }, body: { argv: ['sleep'] } })
    await until('it runs', () => brain.engine.calls.includes('exec shop'))
    brain.directory.accounts.delete('alice')
    brain.clock.pass(MINUTE)
    await brain.dependencies.sessions.sweep()
    expect((await answer).body).toContain('The session has ended.')
  })

  it.each([
    ['authorization', 'Basic x\tadministrator=1'],
    ['authorization', 'Bearer {"administrator":1}'],
    ['cookie', 'administrator=1; creator=1; session={"administrator":1}'],
    ['cookie', '__Host-ruche=x%0d%0aadministrator=1; __Host-ruche="administrator=1"'],
    ['user-agent', 'x\tadministrator=1'],
    ['x-real-ip', '{"administrator":1}'],
    ['x-forwarded-user', 'admin'],
    ['remote-user', 'admin'],
  ])('AUT-5: stores nothing of the header %s: %s', async (name, value) => {
    const client = new PanelClient(app)
    client.headers = { ...client.headers, [name]: value }
    const answer = await client.send('signIn', { body: { login: 'alice', password: 'alice-pass' } })
    expect(answer.json()).toMatchObject({ login: 'alice', administrator: false })
    const [row] = await brain.dependencies.register.db.selectFrom('sessions').selectAll().execute()
    expect(row).toMatchObject({ login: 'alice', administrator: 0, creator: 1 })
    // What the browser calls itself is kept as that, to be shown in the list of sessions.
    const { browser: _, ...rest } = row ?? {}
    expect(JSON.stringify(rest)).not.toContain('administrator=1')
    expect(Object.keys(rest)).toHaveLength(14)
  })

  it.each([
    'alice\r\nadministrator: 1',
    'alice\0admin',
    '{"login":"admin"}',
    'alice=admin',
    'alice\u2028admin',
    'ali\u034fce',
    'ali\ufe0fce',
    'ali\u00adce',
    '\u202eecila',
  ])('AUT-5: nobody is called %j', async (login) => {
    const answer = await new PanelClient(app).send('signIn', { body: { login, password: 'alice-pass' } })
    expect(answer.statusCode).toBe(401)
    const people = await brain.dependencies.register.db.selectFrom('people').selectAll().execute()
    expect(people).toEqual([])
  })
})
