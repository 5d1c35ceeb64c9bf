import { addressesOf } from './addresses.js'
import type { FirewallPlan, Port } from './firewall-plan.js'

/** A set or map of the firewall whose elements follow from the containers, in nft's words. */
export interface FirewallSet {
  table: 'bridge ruche' | 'inet ruche'
  kind: 'set' | 'map'
  name: string
  type: string
  elements: string[]
}

/** Who may send as whom, who is up, and which port of the host leads where. */
export function planSets(plan: FirewallPlan, ports: readonly Port[]): FirewallSet[] {
  const known = ports.map((port) => ({ ...port, ...addressesOf(plan.addresses, port.n) })).sort((a, b) => a.n - b.n)
  const up = known.filter((port) => port.up)
  const bridge = { table: 'bridge ruche', kind: 'set' } as const
  const inet = { table: 'inet ruche', kind: 'set' } as const
  const redirection = { table: 'inet ruche', kind: 'map' } as const
  return [
    {
      ...bridge,
      name: 'l2',
      type: 'ifname . ether_addr',
      elements: known.map(({ link, mac }) => `"${link}" . ${mac}`),
    },
    {
      ...bridge,
      name: 'v4',
      type: 'ifname . ipv4_addr',
      elements: known.map(({ link, ipv4 }) => `"${link}" . ${ipv4}`),
    },
    {
      ...bridge,
      name: 'v6',
      type: 'ifname . ipv6_addr',
      elements: known.map(({ link, ipv6 }) => `"${link}" . ${ipv6}`),
    },
    { ...inet, name: 'up4', type: 'ipv4_addr', elements: up.map(({ ipv4 }) => ipv4) },
    { ...inet, name: 'up6', type: 'ipv6_addr', elements: up.map(({ ipv6 }) => ipv6) },
    {
      ...redirection,
      name: 'sftp4',
      type: 'inet_service : ipv4_addr . inet_service',
      elements: up.map(({ sftpPort, ipv4 }) => `${sftpPort} : ${ipv4} . 22`),
    },
    {
      ...redirection,
      name: 'sftp6',
      type: 'inet_service : ipv6_addr . inet_service',
      elements: up.map(({ sftpPort, ipv6 }) => `${sftpPort} : ${ipv6} . 22`),
    },
  ]
}

/** Declarations of one table's sets, with their elements. */
export function renderSets(sets: readonly FirewallSet[], table: FirewallSet['table']): string {
  return sets
    .filter((set) => set.table === table)
    .map(({ kind, name, type, elements }) => {
      const list = elements.length === 0 ? '' : ` elements = { ${elements.join(', ')} };`
      return `  ${kind} ${name} { type ${type};${list} }`
    })
    .join('\n')
}

/**
 * What turns the sets of some containers into those of others, in one transaction over a firewall that is loaded already: rules, open connections and
 * the counts of the limits stay as they are. Empty when nothing changes. Only the difference: an element taken out costs the kernel 15 ms, one put in none.
 */
export function renderSetChange(plan: FirewallPlan, from: readonly Port[], to: readonly Port[]): string {
  const before = new Map(planSets(plan, from).map((set) => [`${set.table} ${set.name}`, set.elements]))
  return planSets(plan, to)
    .flatMap(({ table, name, elements }) => {
      const old = new Set(before.get(`${table} ${name}`))
      const now = new Set(elements)
      return [
        ...renderElements(
          'delete',
          `${table} ${name}`,
          [...old].filter((element) => !now.has(element)),
        ),
        ...renderElements(
          'add',
          `${table} ${name}`,
          elements.filter((element) => !old.has(element)),
        ),
      ]
    })
    .join('')
}

function renderElements(verb: 'add' | 'delete', set: string, elements: readonly string[]): string[] {
  return elements.length === 0 ? [] : [`${verb} element ${set} { ${elements.join(', ')} }\n`]
}
