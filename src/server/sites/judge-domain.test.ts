import { expect, test } from 'vitest'
import type { DomainRecord } from '../register/domains.js'
import { judgeDomain, nextLookMs, planProof, planRecord } from './judge-domain.js'

const AT = '2026-11-20T10:00:00.000Z'
const HERE = ['203.0.113.10', '2001:db8::10']
const record = planRecord('example.org', 'ruche-abc')
const judge = (found: object, addresses: string[] | undefined = HERE) =>
  judgeDomain(
    { record: { zone: 'example.org', texts: [], asked: 2, silent: 0, ...found }, addresses },
    { record, here: HERE, at: AT },
  )

test.each([
  ['example.org', '_ruche-challenge.example.org'],
  ['www.example.org', '_ruche-challenge.example.org'],
  ['www.org', '_ruche-challenge.www.org'],
  ['shop.www.example.org', '_ruche-challenge.shop.www.example.org'],
])('the record of %s is %s', (name, wanted) => expect(planRecord(name, 'x').name).toBe(wanted))

test('what DNS said is told in words', () => {
  expect(judge({ texts: ['other', 'ruche-abc'] })).toMatchObject({ ownership: 'proven', leads: 'here' })
  expect(judge({ texts: ['ruche-abd'] })).toMatchObject({
    ownership: 'other',
    message: 'The record _ruche-challenge.example.org is there, but it says “ruche-abd”.',
  })
  expect(judge({})).toMatchObject({ ownership: 'missing' })
  // One that is silent may have it: that is no "no".
  expect(judge({ silent: 1 })).toMatchObject({ ownership: 'unknown' })
  expect(judgeDomain({ record: { unknown: 'x' }, addresses: undefined }, { record, here: HERE, at: AT })).toMatchObject(
    {
      ownership: 'unknown',
      leads: 'unknown',
    },
  )
  expect(judge({}, [])).toMatchObject({
    leads: 'nowhere',
    leadsMessage: 'The name has no address yet. It needs: A 203.0.113.10, AAAA 2001:db8::10.',
  })
  expect(judge({}, ['203.0.113.10', '192.0.2.1'])).toMatchObject({
    leads: 'elsewhere',
    leadsMessage: 'The name leads to 192.0.2.1. It needs: A 203.0.113.10, AAAA 2001:db8::10.',
  })
})

const DAY = 86_400_000
const look = (ownership: 'proven' | 'missing' | 'other' | 'unknown', days = 0) => ({
  ...judge({}),
  ownership,
  at: new Date(Date.parse(AT) + days * DAY).toISOString(),
})

test('a proof that is gone is missed for a week before the name goes; who cannot be asked changes nothing', () => {
  const claim = { proof: null, failing_since: null }
  const proven = { proof: 'record' as const, failing_since: null }
  const failing = { proof: 'record' as const, failing_since: AT }
  expect(planProof(claim, look('missing'))).toEqual(claim)
  expect(planProof(claim, look('proven'))).toEqual(proven)
  expect(planProof(proven, look('unknown'))).toEqual(proven)
  expect(planProof(proven, look('other'))).toEqual(failing)
  expect(planProof(failing, look('missing', 6.9))).toEqual(failing)
  expect(planProof(failing, look('unknown', 30))).toEqual(failing)
  expect(planProof(failing, look('proven', 6.9))).toEqual(proven)
  expect(planProof(failing, look('missing', 7))).toEqual(claim)
  const vouched = { proof: 'administrator' as const, failing_since: null }
  expect(planProof(vouched, look('missing'))).toEqual(vouched)
})

test('names are looked at ever more seldom while they are asked for, weekly when served, hourly when failing', () => {
  const row = (change: Partial<DomainRecord>): DomainRecord => ({
    ...{ name: 'example.org', site: 'shop', position: 1, created_at: AT, check: null },
    ...{ proof: null, checked_at: AT, failing_since: null },
    ...change,
  })
  const after = (change: Partial<DomainRecord>) => nextLookMs(row(change)) - Date.parse(change.checked_at ?? AT)
  expect(nextLookMs(row({ checked_at: null }))).toBe(0)
  expect(after({})).toBe(60_000)
  expect(after({ checked_at: new Date(Date.parse(AT) + 3_600_000).toISOString() })).toBe(720_000)
  expect(after({ checked_at: new Date(Date.parse(AT) + 20 * DAY).toISOString() })).toBe(6 * 3_600_000)
  expect(after({ proof: 'record' })).toBe(7 * DAY)
  expect(after({ proof: 'record', failing_since: AT })).toBe(3_600_000)
  expect(nextLookMs(row({ proof: 'administrator' }))).toBe(Number.POSITIVE_INFINITY)
})
