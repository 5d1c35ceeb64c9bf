import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { PANEL, PanelClient } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import { DEFAULT_LIMITS } from '../../model/limits.js'
import { DEFAULT_STACK } from '../../model/stack.js'
import { buildApp } from '../app.js'
import { createSite } from '../sites/create-site.js'

const HOST = 'shop.sites.localhost'
let brain: TestBrain
let app: FastifyInstance
let [alice, bob, claire]: PanelClient[] = []
beforeEach(async () => {
  brain = await openTestBrain()
  brain.directory.groups.set('readers', ['bob'])
  app = await buildApp(brain.dependencies, PANEL)
  const site = { name: 'shop', owner: 'alice', stack: DEFAULT_STACK, limits: DEFAULT_LIMITS, domains: [], start: true }
  const { operation } = await createSite(brain.dependencies, site, 'alice')
  await brain.dependencies.operations.ended(operation.id)
  ;[alice, bob, claire] = await Promise.all(
    ['alice', 'bob', 'claire'].map((login) => new PanelClient(app).signIn(login)),
  )
  await set({ visitors: 'people', visitorGroups: ['readers'] })
})
afterEach(() => brain.end())

const set = (body: object) => alice?.finish(brain, 'changeSettings', { params: { name: 'shop' }, body })

/** As the front proxy asks. */
const ask = (reason: string, headers: Record<string, string> = {}) =>
  app.inject({
    url: '/',
    headers: { host: 'ruche.localhost', 'x-ruche-visitor-host': HOST, 'x-ruche-visitor-reason': reason, ...headers },
  })
const check = async (pass: string, more = {}) =>
  (await ask('check', { cookie: `__Host-ruche-pass=${pass}`, ...more })).statusCode

/** From the panel's page to the pass of the site's host. */
async function enter(person: PanelClient | undefined, to = '/page?a=b') {
  const answer = await person?.send('enterSite', { body: { host: HOST, to } })
  if (answer?.statusCode !== 200) return { status: answer?.statusCode ?? 0, pass: '', location: '' }
  const { pathname, search, host } = new URL((answer.json() as { url: string }).url)
  expect(host).toBe(HOST)
  const entered = await ask('enter', { 'x-ruche-visitor-uri': pathname + search })
  const cookie = String(entered.headers['set-cookie'] ?? '')
  const pass = /^__Host-ruche-pass=([\w-]+); Path=\/; Secure; HttpOnly; SameSite=Lax$/.exec(cookie)?.[1] ?? ''
  return { status: entered.statusCode, pass, location: String(entered.headers.location), used: pathname + search }
}

it('lets in members of the groups and who works on the site, nobody else', async () => {
  expect(await check('guess')).toBe(401)
  const [owner, member, other] = [await enter(alice), await enter(bob), await enter(claire)]
  expect([owner.status, member.status, other.status]).toEqual([303, 303, 403])
  expect(member.location).toBe('/page?a=b')
  expect([await check(owner.pass), await check(member.pass)]).toEqual([204, 204])
})

it('takes a ticket once, in time, and at its own host only', async () => {
  const { used = '', pass } = await enter(bob)
  expect((await ask('enter', { 'x-ruche-visitor-uri': used })).headers).not.toHaveProperty('set-cookie')
  expect(await check(pass, { 'x-ruche-visitor-host': 'other.sites.localhost' })).toBe(404)
  const late = (await bob?.call('enterSite', { body: { host: HOST, to: '/' } }))?.url ?? ''
  brain.clock.pass(61_000)
  const uri = new URL(late).pathname + new URL(late).search
  expect((await ask('enter', { 'x-ruche-visitor-uri': uri })).headers).not.toHaveProperty('set-cookie')
})

it('shuts out within a minute who left the group or the directory, and at once who signed out', async () => {
  const { pass } = await enter(bob)
  brain.directory.groups.set('readers', [])
  brain.clock.pass(30_000)
  expect(await check(pass)).toBe(403)
  brain.directory.groups.set('readers', ['bob', 'claire'])
  brain.clock.pass(30_000)
  expect(await check(pass)).toBe(204)
  const second = await enter(claire)
  expect(await check(second.pass)).toBe(204)
  await claire?.send('signOut')
  expect(await check(second.pass)).toBe(401)
  brain.directory.accounts.delete('bob')
  brain.clock.pass(30_000)
  expect(await check(pass)).toBe(401)
})

it('believes the last word of a directory that is away, for a while', async () => {
  const { pass } = await enter(bob)
  brain.directory.isAway = true
  brain.clock.pass(60_000)
  expect(await check(pass)).toBe(204)
  brain.clock.pass(15 * 60_000)
  expect(await check(pass)).toBe(403)
})

it('leads pages to the panel, programs nowhere, and back only to a page of the site', async () => {
  const uri = { 'x-ruche-visitor-uri': '/a?b', 'x-ruche-visitor-method': 'GET' }
  const page = await ask('sign-in', { ...uri, 'sec-fetch-mode': 'navigate' })
  expect([page.statusCode, page.headers.location]).toEqual([
    302,
    `https://ruche.localhost/visit?host=${HOST}&to=%2Fa%3Fb`,
  ])
  expect((await ask('sign-in', { ...uri, 'sec-fetch-mode': 'cors' })).statusCode).toBe(401)
  expect((await ask('sign-in', { ...uri, 'x-ruche-visitor-method': 'POST' })).statusCode).toBe(401)
  for (const to of ['//evil.test/', 'https://evil.test/', '/\\evil.test', '/%09/evil.test'])
    expect((await enter(bob, to)).location).toMatch(/^\/(%09\/evil\.test)?$/)
})

it('forgets the passes when the site asks for something else', async () => {
  const { pass } = await enter(bob)
  await set({ visitors: 'everybody' })
  await set({ visitors: 'people' })
  expect(await check(pass)).toBe(401)
})

it('knows no group that the directory does not, and gives no ticket for a site that is for everybody', async () => {
  const params = { name: 'shop' }
  const wrong = await alice?.send('changeSettings', { params, body: { visitorGroups: ['readers', 'nobody'] } })
  expect([wrong?.statusCode, wrong?.json()]).toMatchObject([400, { error: { fields: [{ path: 'visitorGroups.1' }] } }])
  await set({ visitors: 'everybody' })
  expect((await enter(bob)).status).toBe(404)
})

it('tells the password to nobody', async () => {
  await set({ visitors: 'password', password: 'open sesame' })
  const { settings, hasPassword } = (await alice?.call('getSettings', { params: { name: 'shop' } })) ?? {}
  expect(hasPassword).toBe(true)
  expect(JSON.stringify([settings, await alice?.call('getSite', { params: { name: 'shop' } })])).not.toMatch(
    /sesame|\$6\$/,
  )
})

it('says why a site is not there, in the language of the visitor, with the owner’s words', async () => {
  await set({ visitors: 'everybody', maintenanceText: 'Back <soon>', forbiddenText: 'Members only' })
  const french = await ask('maintenance', { 'accept-language': 'fr' })
  expect([french.statusCode, french.body]).toEqual([503, expect.stringContaining('<p>Back &lt;soon&gt;</p>')])
  expect(french.body).toContain('<a href="https://ruche.localhost/sites/shop" rel="noreferrer">C’est le vôtre')
  expect((await ask('refused')).body).toContain('Members only')
  expect((await ask('unreachable')).body).toContain('This site has a problem')
  const cell = brain.engine.cells.get('shop')
  expect(cell).toBeDefined()
  expect((await ask('unproven', { 'x-ruche-visitor-host': 'waiting.test' })).body).toContain('not set up yet')
})
