import type { NameRecord } from '../register/names.js'
import type { DnsSettings, NameChange } from './nsupdate.js'

/** What the DNS server must be told so that it knows exactly the wanted names. */
export interface UpdatePlan {
  /** Names that were never told: to be remembered first. */
  added: string[]
  announce: NameChange[]
  withdraw: NameChange[]
}

/** What a wanted name says, in one line that can be compared with what was confirmed. */
export function spellContent({ ipv4, ipv6, ttlSeconds }: Pick<DnsSettings, 'ipv4' | 'ipv6' | 'ttlSeconds'>): string {
  return `${ttlSeconds} ${[...ipv4, ...ipv6].join(' ')}`
}

/** Compares the names that should be with those that the server confirmed. Pure. */
export function planUpdate(settings: DnsSettings, wanted: readonly string[], known: readonly NameRecord[]): UpdatePlan {
  const content = spellContent(settings)
  const confirmed = new Map(known.map((record) => [record.name, record.content]))
  const names = new Set(wanted)
  const { ipv4, ipv6 } = settings
  return {
    added: [...names].filter((name) => !confirmed.has(name)),
    announce: [...names].filter((name) => confirmed.get(name) !== content).map((name) => ({ name, ipv4, ipv6 })),
    withdraw: [...confirmed.keys()].filter((name) => !names.has(name)).map((name) => ({ name, ipv4: [], ipv6: [] })),
  }
}
