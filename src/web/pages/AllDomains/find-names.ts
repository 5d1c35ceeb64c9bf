import type { ListedName } from '../../../model/domain.js'
import { needsAttention } from './judge-name.js'

export const SHOWN = ['all', 'attention', 'platform', 'own', 'waiting', 'released'] as const
export type Shown = (typeof SHOWN)[number]

export const COLUMNS = ['name', 'site', 'proof', 'leads', 'certificate'] as const
export type Column = (typeof COLUMNS)[number]
export interface Order {
  column: 'name' | 'site' | 'certificate'
  descending: boolean
}

function isShown(name: ListedName, shown: Shown, nowMs: number): boolean {
  switch (shown) {
    case 'all':
      return true
    case 'attention':
      return needsAttention(name, nowMs)
    case 'own':
      return name.state !== 'platform' && name.state !== 'released'
    case 'platform':
    case 'waiting':
    case 'released':
      return name.state === shown
  }
}

/** The names of that kind in which every word of the search is found: in the name, its site, its owner. */
export function findNames(names: readonly ListedName[], search: string, shown: Shown, nowMs: number): ListedName[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return names.filter((one) => {
    const text = [one.name, one.title, one.site ?? '', one.owner].join(' ').toLowerCase()
    return isShown(one, shown, nowMs) && words.every((word) => text.includes(word))
  })
}

const { compare } = new Intl.Collator(undefined, { numeric: true })

/** In this order, what is unknown last either way, equal ones by name. `validUntil` says it of each. */
export function sortNames(
  names: readonly ListedName[],
  { column, descending }: Order,
  validUntil: (name: ListedName) => string | undefined,
): ListedName[] {
  const read = (one: ListedName) => (column === 'certificate' ? validUntil(one) : one[column])
  return names.toSorted((a, b) => {
    const [x, y] = [read(a), read(b)]
    if (x === undefined || y === undefined)
      return Number(x === undefined) - Number(y === undefined) || compare(a.title, b.title)
    return (descending ? -1 : 1) * compare(x, y) || compare(a.title, b.title)
  })
}
