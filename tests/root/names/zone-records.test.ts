import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordType } from '../../../src/model/zone-record.js'
import { openZoneRecords, type ZoneRecords } from '../../../src/server/names/zone-records/zone-records.js'
import type { RecordSet } from '../../../src/server/names/zone-records/zone-settings.js'
import { openRegister, type Register } from '../../../src/server/register/register.js'
import { type Knot, openKnot } from '../../helpers/knot.js'

const ZONE = 'sites.example.test'
const SHOP = `shop.${ZONE}`
const TRICKY = 'v=x; p="quoted" \\ (a) $b @ 100%'
const LONG = 'k'.repeat(2048)

let knot: Knot
let register: Register
let records: ZoneRecords

beforeAll(async () => {
  knot = await openKnot(ZONE)
  register = await openRegister('sqlite', knot.folder)
  records = open()
})
afterAll(async () => {
  records?.close()
  await register?.close()
  await knot?.close()
})

const open = () => {
  const parts = { settings: knot.settings, register, log: pino({ level: 'silent' }), now: () => new Date() }
  return openZoneRecords({ ...parts, believeMs: 0 })
}
const set = (host: string, type: RecordType, values: string[], platformName = SHOP): RecordSet => ({
  ...{ platformName, host, type, values },
})
const EVERY = [
  set(`mail.${SHOP}`, 'A', ['192.0.2.1', '192.0.2.2']),
  set(`mail.${SHOP}`, 'AAAA', ['2001:db8::1']),
  set(`www.${SHOP}`, 'CNAME', ['www.example.org']),
  set(SHOP, 'MX', ['10 mail.example.org', '20 mx.example.org']),
  set(`none.${SHOP}`, 'MX', ['0 .']),
  set(`_dmarc.${SHOP}`, 'TXT', [TRICKY, LONG]),
  set(`_sip._tcp.${SHOP}`, 'SRV', ['0 5 5060 sip.example.org']),
  set(SHOP, 'CAA', ['0 issue "ca.example.org; policy=ev"', '128 iodef "mailto:root@example.org"']),
]
const serial = () => knot.dig(ZONE, 'SOA')

test('each type of record gets to the server as it was meant, once', async () => {
  await records.apply(EVERY)
  for (const key of EVERY) expect(records.find(key), key.type).toMatchObject({ state: 'announced', answer: 'NOERROR' })
  expect((await knot.dig(`mail.${SHOP}`, 'A')).sort()).toEqual(['192.0.2.1', '192.0.2.2'])
  expect(await knot.dig(`mail.${SHOP}`, 'AAAA')).toEqual(['2001:db8::1'])
  expect(await knot.dig(`www.${SHOP}`, 'CNAME')).toEqual(['www.example.org.'])
  expect((await knot.dig(SHOP, 'MX')).sort()).toEqual(['10 mail.example.org.', '20 mx.example.org.'])
  expect(await knot.dig(`none.${SHOP}`, 'MX')).toEqual(['0 .'])
  expect(await knot.dig(`_sip._tcp.${SHOP}`, 'SRV')).toEqual(['0 5 5060 sip.example.org.'])
  const texts = (await knot.dig(`_dmarc.${SHOP}`, 'TXT')).sort()
  expect(texts[0]?.replaceAll('" "', '')).toBe(`"${LONG}"`)
  expect(texts[1]).toBe(String.raw`"v=x; p=\"quoted\" \\ (a) $b @ 100%"`)
  const before = await serial()
  await records.apply(EVERY)
  expect(await serial()).toEqual(before)
})

test('a type takes the place of another, and what somebody bends at the server is put back', async () => {
  const [, , alias = EVERY[0]] = EVERY
  const host = `www.${SHOP}`
  const other = EVERY.map((one) => (one === alias ? set(host, 'A', ['192.0.2.3']) : one))
  await records.apply(other)
  expect([await knot.dig(host, 'A'), await knot.dig(host, 'CNAME')]).toEqual([['192.0.2.3'], []])
  await knot.meddle(`update delete ${SHOP}. MX`)
  await knot.meddle(`update add ${host}. 60 A 192.0.2.66`)
  await records.apply(other)
  expect([await knot.dig(host, 'A'), (await knot.dig(SHOP, 'MX')).length]).toEqual([['192.0.2.3'], 2])
  await records.apply(EVERY)
  expect(await knot.dig(host, 'CNAME')).toEqual(['www.example.org.'])
})

test('what the server refuses of one site keeps no other waiting', async () => {
  const outside = set('elsewhere.test', 'TXT', ['x'], `bad.${ZONE}`)
  const good = set(`blog.${ZONE}`, 'TXT', ['x'], `blog.${ZONE}`)
  await records.apply([...EVERY, outside, good])
  expect(records.find(outside)).toMatchObject({ state: 'failed', answer: 'NOTZONE', nextTryAt: expect.any(String) })
  expect(records.find(good)).toMatchObject({ state: 'announced' })
})

test('what was told before the server died is taken away by the next one', async () => {
  records.close()
  records = open()
  const [kept = EVERY[0]] = EVERY
  await records.apply(kept ? [kept] : [])
  expect(await knot.dig(SHOP, 'MX')).toEqual([])
  expect(await knot.dig(`_dmarc.${SHOP}`, 'TXT')).toEqual([])
  expect((await knot.dig(`mail.${SHOP}`, 'A')).length).toBe(2)
})
