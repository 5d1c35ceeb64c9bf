import { expect, test } from 'vitest'
import { findEntries } from './find-entries.js'

const entries = [
  { id: 'stop', label: 'Arrêter', note: 'shop' },
  { id: 'shop', label: 'shop', note: 'Site' },
  { id: 'shop-2', label: 'shop-2', note: 'Site' },
  { id: 'workshop', label: 'workshop', note: 'Site' },
  { id: 'create', label: 'Créer un site', note: 'Action' },
]
const find = (typed: string) => findEntries(entries, typed).map(({ id }) => id)

test('what is typed is found in name and kind, the name itself first, whatever its accents', () => {
  expect(find('')).toHaveLength(5)
  expect(find('shop')).toEqual(['shop', 'shop-2', 'stop', 'workshop'])
  expect(find('arreter SHOP')).toEqual(['stop'])
  expect(find('shop arr')).toEqual(['stop'])
  expect(find('nothing')).toEqual([])
})

test('of very many the best are given', () => {
  const many = Array.from({ length: 2000 }, (_, n) => ({ id: `${n}`, label: `site-${n}`, note: 'Site' }))
  expect(findEntries(many, 'site')).toHaveLength(40)
  expect(findEntries(many, '1999').map(({ label }) => label)).toEqual(['site-1999'])
})
