import { Resolver } from 'node:dns/promises'
import type { DnsSettings } from './nsupdate.js'

const TIMEOUT_MS = 3000
const ABSENT = ['ENOTFOUND', 'ENODATA']

/** What the DNS server itself answers for a name, addresses in order. Throws when it does not answer. */
export async function askServer({ server, port }: Pick<DnsSettings, 'server' | 'port'>, name: string) {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 2 })
  resolver.setServers([server.includes(':') ? `[${server}]:${port}` : `${server}:${port}`])
  const none = (error: NodeJS.ErrnoException): string[] => {
    if (ABSENT.includes(error.code ?? '')) return []
    throw error
  }
  const [ipv4, ipv6] = await Promise.all([resolver.resolve4(name).catch(none), resolver.resolve6(name).catch(none)])
  return { ipv4: ipv4.sort(), ipv6: ipv6.map(spellIpv6).sort() }
}

/** One spelling for an IPv6 address: RFC 5952, as the URL standard's own parser writes it. */
export function spellIpv6(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1)
}
