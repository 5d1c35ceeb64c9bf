import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PANEL, PanelClient } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import type { ServerEvent } from '../../model/events.js'
import { buildApp } from '../app.js'

const HOUR_MS = 3_600_000

let brain: TestBrain
let app: FastifyInstance
let admin: PanelClient
let alice: PanelClient

beforeEach(async () => {
  brain = await openTestBrain()
  app = await buildApp(brain.dependencies, PANEL)
  admin = await new PanelClient(app).signIn('admin')
  alice = await new PanelClient(app).signIn('alice')
})
afterEach(() => brain.end())

const inHours = (hours: number) => new Date(brain.clock.now().getTime() + hours * HOUR_MS).toISOString()
const create = (wish: object) =>
  admin.call('createAnnouncement', { body: { kind: 'information', texts: { en: 'News' }, ...wish } })
const shownTo = async (client: PanelClient) => (await client.call('me')).announcements.map(({ texts }) => texts)

test('everybody who is signed in is told, from when on and until when it was meant', async () => {
  await create({ texts: { en: 'Always', fr: 'Toujours' } })
  await create({ texts: { en: 'Later' }, from: inHours(1), until: inHours(3) })
  expect(await shownTo(alice)).toEqual([{ en: 'Always', fr: 'Toujours' }])
  brain.clock.pass(2 * HOUR_MS)
  expect(await shownTo(alice)).toEqual([{ en: 'Later' }, { en: 'Always', fr: 'Toujours' }])
  brain.clock.pass(1 * HOUR_MS)
  expect(await shownTo(alice)).toEqual([{ en: 'Always', fr: 'Toujours' }])
  const { announcements } = await admin.call('listAnnouncements')
  expect(announcements.map(({ state, by }) => [state, by])).toEqual([
    ['ended', 'admin'],
    ['shown', 'admin'],
  ])
})

test('strangers are told the text of warnings, and nothing else', async () => {
  await create({ texts: { en: 'Only for you' } })
  await create({ texts: { fr: 'Panne' }, kind: 'warning', until: inHours(2) })
  const { warnings } = await new PanelClient(app).call('welcome')
  expect(warnings).toEqual([{ fr: 'Panne' }])
})

test('a changed one is another one, and a removed one is gone', async () => {
  const { id, changedAt } = await create({})
  brain.clock.pass(1000)
  const wish = { kind: 'warning', texts: { en: ' Other\n news ' } } as const
  const changed = await admin.call('changeAnnouncement', { params: { id }, body: wish })
  expect(changed).toMatchObject({ id, kind: 'warning', texts: { en: 'Other news' } })
  expect(changed.changedAt > changedAt).toBe(true)
  await admin.call('removeAnnouncement', { params: { id } })
  expect(await shownTo(alice)).toEqual([])
  expect((await admin.send('removeAnnouncement', { params: { id } })).statusCode).toBe(404)
})

test('open pages are told at once, and when one begins or ends', async () => {
  const events: ServerEvent[] = []
  const who = { login: 'alice', name: 'Alice', administrator: false, root: false }
  brain.dependencies.feed.join({ who, send: (event) => events.push(event), close: () => undefined })
  const told = () =>
    events.flatMap((event) =>
      event.type === 'announcements' ? [event.announcements.map(({ texts }) => texts.en)] : [],
    )
  const { tell } = brain.dependencies.announcements
  await create({ texts: { en: 'Now' } })
  await create({ texts: { en: 'Later' }, from: inHours(1), until: inHours(2) })
  await tell()
  brain.clock.pass(HOUR_MS)
  await tell()
  await tell()
  brain.clock.pass(HOUR_MS)
  await tell()
  await expect.poll(told).toEqual([['Now'], ['Later', 'Now'], ['Now']])
})

test.each([
  ['no text', { texts: {} }, 'texts'],
  ['blanks', { texts: { en: ' \n ' } }, 'texts.en'],
  ['a novel', { texts: { en: 'x'.repeat(501) } }, 'texts.en'],
  ['an end before the beginning', { from: '2099-01-02T00:00:00Z', until: '2099-01-01T00:00:00Z' }, 'until'],
  ['an end that is over', { until: '2020-01-01T00:00:00Z' }, 'until'],
  ['a time that is none', { from: 'tomorrow' }, 'from'],
])('refuses %s at its field', async (_, wish, path) => {
  const body = { kind: 'information', texts: { en: 'News' }, ...wish }
  const answer = await admin.send('createAnnouncement', { body })
  expect(answer.statusCode).toBe(400)
  expect(answer.json()).toMatchObject({ error: { fields: [{ path }] } })
  expect((await admin.call('listAnnouncements')).announcements).toEqual([])
})

test('keeps no more than anybody would read', async () => {
  for (let n = 0; n < 50; n++) await create({})
  const body = { kind: 'information', texts: { en: 'One more' } }
  expect((await admin.send('createAnnouncement', { body })).statusCode).toBe(409)
})
