import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PANEL, PanelClient } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import { api } from '../../model/api.js'
import { buildApp } from '../app.js'
import { findAbout, isTold } from './note-acts.js'

let brain: TestBrain
let app: FastifyInstance
let alice: PanelClient
const shop = { params: { name: 'shop' } }

beforeEach(async () => {
  brain = await openTestBrain({ configuration: { dns: { owner_records: true } } })
  app = await buildApp(brain.dependencies, PANEL)
  alice = await new PanelClient(app).signIn('alice')
  await alice.finish(brain, 'createSite', { body: { name: 'shop' } })
})
afterEach(() => brain.end())

const actsOf = async () => (await alice.call('listActivity', { ...shop, query: {} })).acts

test('tells who asked for what, of what, and how it ended; what only looks is not told', async () => {
  await alice.call('addRecord', { ...shop, body: { name: 'mail', type: 'A', value: '192.0.2.1' } })
  await alice.send('addRecord', { ...shop, body: { name: 'mail', type: 'A', value: '192.0.2.1' } })
  await alice.call('addDomain', { ...shop, body: { domain: 'shop.example.org' } })
  await alice.call('listFiles', { ...shop, query: { path: '' } })
  const acts = await actsOf()
  expect(acts.map(({ act, about, outcome, code }) => [act, about, outcome, code])).toEqual([
    ['addDomain', 'shop.example.org', 'done', undefined],
    ['addRecord', undefined, 'refused', 'conflict'],
    ['addRecord', undefined, 'done', undefined],
    ['createSite', undefined, 'done', undefined],
  ])
  for (const act of acts) expect(act).toMatchObject({ by: 'alice', site: 'shop', byToken: false })
})

test('keeps nothing of a request but what it is about', async () => {
  const secret = Buffer.from('a secret of the owner').toString('base64')
  await alice.call('changeEnvironment', { ...shop, body: { variables: { API_KEY: secret } } })
  await alice.call('saveFile', { ...shop, query: { path: 'public/x' }, body: { base: null, content: secret } })
  const acts = await actsOf()
  expect(acts[0]).toMatchObject({ act: 'saveFile', about: 'public/x' })
  const rows = await brain.dependencies.register.db.selectFrom('activity').selectAll().execute()
  expect(JSON.stringify(rows)).not.toContain(secret)
})

test('a later site of the same name has none of the acts of the one before; administrators still see them', async () => {
  await alice.finish(brain, 'destroySite', { ...shop, query: { purge: 'true' } })
  brain.clock.pass(1)
  await alice.finish(brain, 'createSite', { body: { name: 'shop' } })
  expect((await actsOf()).map(({ act }) => act)).toEqual(['createSite'])
  const admin = await new PanelClient(app).signIn('admin')
  const all = await admin.call('listAllActivity', { query: { site: 'shop' } })
  expect(all.acts.map(({ act }) => act)).toEqual(['createSite', 'destroySite', 'createSite'])
  expect((await admin.call('listAllActivity', { query: { by: 'bob' } })).acts).toEqual([])
})

test('comes in pages that neither miss nor repeat an act, also of one moment', async () => {
  const { activity } = brain.dependencies
  const who = { login: 'alice', name: 'alice', administrator: false, root: false }
  for (let n = 0; n < 120; n++) await activity.note({ who, address: '192.0.2.7', act: `act${n}` })
  const seen: string[] = []
  for (let before: string | undefined, pages = 0; pages < 4; pages++) {
    const page = await activity.list({ by: 'alice' }, before)
    seen.push(...page.acts.map(({ act }) => act))
    before = page.next
    if (before === undefined) break
  }
  expect(seen.filter((act) => act.startsWith('act')).length).toBe(120)
  expect(new Set(seen).size).toBe(121)
  await expect(activity.list({}, 'x')).rejects.toMatchObject({ code: 'invalid' })
})

test('forgets what is older than 90 days', async () => {
  brain.clock.pass(91 * 24 * 3_600_000)
  await brain.dependencies.activity.forget()
  expect(await brain.dependencies.activity.list({})).toEqual({ acts: [] })
})

test('of every route that changes something it is decided what is told', () => {
  const changing = Object.entries(api).filter(([, { method }]) => method !== 'GET')
  const untold = changing.filter(([, entry]) => !isTold(entry)).map(([name]) => name)
  expect(untold.sort()).toEqual(['checkDomain', 'enterSite', 'foresee', 'runDoctor', 'signIn', 'signOut'])
})

test('the first field that names something is what an act is about', () => {
  expect(findAbout({ params: { name: 'shop', domain: 'a.example' }, body: { path: 'x' } })).toBe('a.example')
  expect(findAbout({ body: { password: 'secret', value: 'v' } })).toBeUndefined()
})
