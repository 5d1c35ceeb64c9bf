import type { CaaRecord } from 'node:dns'
import { Resolver } from 'node:dns/promises'
import type { RecordType } from '../../../model/zone-record.js'
import { spellIpv6 } from '../ask-server.js'
import type { RecordSet, ZoneSettings } from './zone-settings.js'

const TIMEOUT_MS = 3000
const ABSENT = ['ENOTFOUND', 'ENODATA']
const CRITICAL = 128

const ask: Record<RecordType, (resolver: Resolver, host: string) => Promise<string[]>> = {
  A: (resolver, host) => resolver.resolve4(host),
  AAAA: async (resolver, host) => (await resolver.resolve6(host)).map(spellIpv6),
  CNAME: async (resolver, host) => (await resolver.resolveCname(host)).map(spellHost),
  MX: async (resolver, host) =>
    (await resolver.resolveMx(host)).map(({ priority, exchange }) => `${priority} ${spellHost(exchange)}`),
  TXT: async (resolver, host) => (await resolver.resolveTxt(host)).map((chunks) => chunks.join('')),
  SRV: async (resolver, host) =>
    (await resolver.resolveSrv(host)).map(
      ({ priority, weight, port, name }) => `${priority} ${weight} ${port} ${spellHost(name)}`,
    ),
  CAA: async (resolver, host) => (await resolver.resolveCaa(host)).map(spellCaa),
}

/** Whether the DNS server itself holds exactly these records. Throws when it does not answer. */
export async function holds({ server, port }: ZoneSettings, { host, type, values }: RecordSet): Promise<boolean> {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 2 })
  resolver.setServers([server.includes(':') ? `[${server}]:${port}` : `${server}:${port}`])
  const held = await ask[type](resolver, host).catch((error: NodeJS.ErrnoException) => {
    if (ABSENT.includes(error.code ?? '')) return []
    throw error
  })
  return held.sort().join('\n') === [...values].sort().join('\n')
}

/** c-ares writes the root as an empty name. */
const spellHost = (name: string): string => (name === '' ? '.' : name.toLowerCase())

function spellCaa({ critical, type: _, ...property }: CaaRecord & { type?: string }): string {
  const [tag = '', value = ''] = Object.entries(property)[0] ?? []
  return `${critical >= CRITICAL ? CRITICAL : 0} ${tag} "${value}"`
}
