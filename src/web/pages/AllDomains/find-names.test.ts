import { expect, it } from 'vitest'
import type { ListedName } from '../../../model/domain.js'
import { findNames, type Shown, sortNames } from './find-names.js'

const NOW = Date.parse('2026-11-20T10:00:00.000Z')
const looked = { at: '', ownership: 'proven', message: '', leadsMessage: '' } as const
const acme = { issuer: 'acme', state: 'valid', validUntil: '2027-01-20T10:00:00.000Z' } as const

function aName(name: string, change: Partial<ListedName> = {}): ListedName {
  return { name, title: name, state: 'served', site: 'shop', owner: 'ada', ...change }
}

const NAMES: ListedName[] = [
  aName('shop.sites.test', { state: 'platform' }),
  aName('untold.sites.test', { state: 'platform', dns: { state: 'failed', answer: 'REFUSED' } }),
  aName('good.org', { certificate: acme, check: { ...looked, leads: 'here' } }),
  aName('vouched.org', { proof: 'administrator', certificate: acme }),
  aName('gone.org', { state: 'failing', certificate: acme }),
  aName('away.org', { certificate: acme, check: { ...looked, leads: 'elsewhere' } }),
  aName('asked.org', { state: 'waiting', check: { ...looked, leads: 'elsewhere' } }),
  aName('refused.org', { certificate: { issuer: 'local', state: 'failed', message: 'no' } }),
  aName('ordered.org', { certificate: { issuer: 'local', state: 'ordered' } }),
  aName('late.org', { certificate: { ...acme, validUntil: '2026-11-22T10:00:00.000Z' } }),
  aName('unrenewed.org', { certificate: { ...acme, message: 'The ACME server does not answer.' } }),
  aName('former.org', { state: 'released', site: undefined, owner: 'bob' }),
]
const found = (search: string, shown: Shown) => findNames(NAMES, search, shown, NOW).map(({ name }) => name)

it('knows which names need attention, and that who only waits for a proof does not', () => {
  expect(found('', 'attention')).toEqual([
    'untold.sites.test',
    'gone.org',
    'away.org',
    'refused.org',
    'late.org',
    'unrenewed.org',
  ])
})

it('finds names by kind, and by name, site and owner', () => {
  expect(found('', 'platform')).toEqual(['shop.sites.test', 'untold.sites.test'])
  expect(found('', 'own')).toHaveLength(9)
  expect([found('', 'waiting'), found('', 'released')]).toEqual([['asked.org'], ['former.org']])
  expect([found('BOB', 'all'), found('ada late', 'all'), found('ada bob', 'all')]).toEqual([
    ['former.org'],
    ['late.org'],
    [],
  ])
})

it('sorts by the end of the certificate, what is unknown last either way', () => {
  const until = ({ certificate }: ListedName) => certificate?.validUntil
  const names = NAMES.filter(({ name }) => ['asked.org', 'good.org', 'late.org'].includes(name))
  const sort = (descending: boolean) =>
    sortNames(names, { column: 'certificate', descending }, until).map(({ name }) => name)
  expect(sort(false)).toEqual(['late.org', 'good.org', 'asked.org'])
  expect(sort(true)).toEqual(['good.org', 'late.org', 'asked.org'])
})
