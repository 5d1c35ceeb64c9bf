import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PANEL, PanelClient } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import type { RecordWish } from '../../model/zone-record.js'
import { buildApp } from '../app.js'
import { planRecordSets } from './record-sets.js'
import { checkRecord, MOST_RECORDS } from './zone-records.js'

const HOST = 'shop.sites.localhost'
const wish = (name: string, type: RecordWish['type'], value: string): RecordWish => ({ name, type, value })
const MX = wish('@', 'MX', '10 mail.example.org')
const ALIAS = wish('www', 'CNAME', 'example.org')

describe('records beside each other', () => {
  it.each([
    ['the same again', MX, [MX], 'conflict'],
    ['a CNAME beside a text', ALIAS, [wish('www', 'TXT', 'x')], 'conflict'],
    ['a text beside a CNAME', wish('www', 'TXT', 'x'), [ALIAS], 'conflict'],
    ['two CNAMEs', { ...ALIAS, value: 'example.com' }, [ALIAS], 'conflict'],
    ['a mail server beside none at all', MX, [wish('@', 'MX', '0 .')], 'conflict'],
    ['one too many', MX, Array.from({ length: MOST_RECORDS }, (_, n) => wish('a', 'TXT', `${n}`)), 'limit_reached'],
    [
      'too long together',
      MX,
      Array.from({ length: 8 }, (_, n) => wish('a', 'TXT', `${n}`.repeat(2048))),
      'limit_reached',
    ],
  ] as const)('%s: refused', (_, wanted, others, code) => {
    expect(() => checkRecord(HOST, wanted, others, [])).toThrow(expect.objectContaining({ code }))
  })

  it('takes two mail servers, and an alias beside other names', () => {
    expect(() => checkRecord(HOST, { ...MX, value: '20 mail.example.org' }, [MX, ALIAS], [])).not.toThrow()
  })

  it('refuses the platform’s own names and names that are too long', () => {
    expect(() => checkRecord(`ns.${HOST}`, MX, [], [`ns.${HOST}`])).toThrow(/platform/)
    expect(() => checkRecord('x'.repeat(254), MX, [], [])).toThrow(/253/)
  })
})

it('a site that is being removed has none', () => {
  const rows = ['shop', 'gone'].map((site) => ({ id: site, site, ...MX, created_at: '' }))
  const sites = [
    { name: 'shop', lifecycle: 'ready' as const },
    { name: 'gone', lifecycle: 'removing' as const },
  ]
  expect(planRecordSets(sites, rows, { platformName: (site) => `${site}.sites.localhost` })).toEqual([
    { platformName: HOST, host: HOST, type: 'MX', values: [MX.value] },
  ])
})

describe('over the API', () => {
  let brain: TestBrain
  let app: FastifyInstance
  let alice: PanelClient
  const shop = { params: { name: 'shop' } }

  const open = async (allowed: boolean) => {
    brain = await openTestBrain({ configuration: { dns: { owner_records: allowed } } })
    app = await buildApp(brain.dependencies, PANEL)
    alice = await new PanelClient(app).signIn('alice')
    await alice.finish(brain, 'createSite', { body: { name: 'shop' } })
  }
  beforeEach(() => open(true))
  afterEach(() => brain.end())

  it('adds, lists and removes; another site’s is not there', async () => {
    const added = await alice.call('addRecord', { ...shop, body: { ...MX, name: '' } })
    expect(added).toMatchObject({ host: HOST, ...MX })
    expect(await alice.call('listRecords', shop)).toEqual({ host: HOST, allowed: true, records: [added] })
    const bob = await new PanelClient(app).signIn('bob')
    await bob.finish(brain, 'createSite', { body: { name: 'blog' } })
    const others = await bob.send('removeRecord', { params: { name: 'blog', id: added.id } })
    expect(others.statusCode).toBe(404)
    await alice.call('removeRecord', { params: { name: 'shop', id: added.id } })
    expect((await alice.call('listRecords', shop)).records).toEqual([])
  })

  it('goes with the site, and does not come back with another of its name', async () => {
    await alice.call('addRecord', { ...shop, body: MX })
    await alice.finish(brain, 'destroySite', { ...shop, query: { purge: 'true' } })
    await alice.finish(brain, 'createSite', { body: { name: 'shop' } })
    expect((await alice.call('listRecords', shop)).records).toEqual([])
  })

  it('is refused with its field, and when the administrator does not allow it', async () => {
    const wrong = await alice.send('addRecord', { ...shop, body: { ...MX, value: 'mail' } })
    expect([wrong.statusCode, wrong.json().error.fields[0].path]).toEqual([400, 'value'])
    await brain.end()
    await open(false)
    const refused = await alice.send('addRecord', { ...shop, body: MX })
    expect([refused.statusCode, refused.json().error.code]).toEqual([403, 'forbidden'])
  })
})
