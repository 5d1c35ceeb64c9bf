import type { NameRecord } from '../register/names.js'
import { askServer, spellIpv6 } from './ask-server.js'
import type { DnsSettings } from './nsupdate.js'

/** Questions under way at once. */
const AT_ONCE = 20

/** Names that the server confirmed with this content and does not hold any more. Throws when it does not answer. */
export async function findStrays(
  settings: DnsSettings,
  content: string,
  known: readonly NameRecord[],
): Promise<string[]> {
  const wanted = [...[...settings.ipv4].sort(), ...settings.ipv6.map(spellIpv6).sort()].join()
  const confirmed = known.filter((record) => record.content === content).map(({ name }) => name)
  const strays: string[] = []
  for (let from = 0; from < confirmed.length; from += AT_ONCE) {
    const asked = confirmed.slice(from, from + AT_ONCE)
    const held = await Promise.all(asked.map((name) => askServer(settings, name)))
    strays.push(...asked.filter((_, n) => [...(held[n]?.ipv4 ?? []), ...(held[n]?.ipv6 ?? [])].join() !== wanted))
  }
  return strays
}
