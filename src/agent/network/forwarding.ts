import { findSysctl, listSysctls, setSysctl } from '../host/sysctls.js'
import type { FirewallPlan } from './firewall-plan.js'

interface Wanted {
  name: string
  value: string
}

/** How long what is sent to a held address waits before its sender is told that nobody is there: one try of the kernel a second. */
export const HELD_SECONDS = 20

/** Settings of the bridge in the kernel: strict source check, nothing learnt from the sites, and the way back from a site's SFTP port to 127.0.0.1. */
export function planBridgeSysctls(bridge: string): Wanted[] {
  return [
    { name: `net/ipv4/conf/${bridge}/rp_filter`, value: '1' },
    { name: `net/ipv4/conf/${bridge}/accept_redirects`, value: '0' },
    { name: `net/ipv4/conf/${bridge}/secure_redirects`, value: '0' },
    { name: `net/ipv4/conf/${bridge}/send_redirects`, value: '0' },
    { name: `net/ipv4/conf/${bridge}/accept_source_route`, value: '0' },
    { name: `net/ipv4/conf/${bridge}/route_localnet`, value: '1' },
    // Machines that switched IPv6 off for lack of a way out still have it inside.
    { name: `net/ipv6/conf/${bridge}/disable_ipv6`, value: '0' },
    { name: `net/ipv6/conf/${bridge}/accept_ra`, value: '0' },
    { name: `net/ipv6/conf/${bridge}/autoconf`, value: '0' },
    { name: `net/ipv6/conf/${bridge}/accept_redirects`, value: '0' },
    { name: `net/ipv6/conf/${bridge}/accept_dad`, value: '0' },
    // What is sent to an address whose neighbour is not known waits, and the kernel tells of it (arp(7)): for the visitors of sites that sleep.
    ...['ipv4', 'ipv6'].flatMap((family) => [
      { name: `net/${family}/neigh/${bridge}/app_solicit`, value: '1' },
      { name: `net/${family}/neigh/${bridge}/mcast_solicit`, value: String(HELD_SECONDS) },
    ]),
    // Also on a bridge that the last cable has just left: without carrier the kernel would drop it (kernel: networking/ip-sysctl).
    { name: `net/ipv4/conf/${bridge}/arp_evict_nocarrier`, value: '0' },
    { name: `net/ipv6/conf/${bridge}/ndisc_evict_nocarrier`, value: '0' },
  ]
}

// Bridged frames would be judged a second time as if they were routed (br_netfilter); a network namespace made after that module was loaded starts so.
const BRIDGE_NETFILTER: readonly Wanted[] = ['iptables', 'ip6tables', 'arptables'].map((name) => ({
  name: `net/bridge/bridge-nf-call-${name}`,
  value: '0',
}))

const FORWARDING: readonly Wanted[] = [
  { name: 'net/ipv4/ip_forward', value: '1' },
  { name: 'net/ipv6/conf/all/forwarding', value: '1' },
]

// Where sources are checked strictly, the way back from a site is looked up with the mark too (gate.ts). Without marks this changes nothing.
const MARKS_COUNT: Wanted = { name: 'net/ipv4/conf/all/src_valid_mark', value: '1' }

/** What is not as it should be, in words. */
export function findSysctlProblems(plan: FirewallPlan): string[] {
  return wrongOnes(plan).map(({ name, value }) => `${name.replaceAll('/', '.')} is not ${value}`)
}

/** Makes this machine (the current network namespace) a router for the bridge. */
export function applyNetworkSysctls(plan: FirewallPlan): void {
  keepRouterAdvertisements()
  for (const { name, value } of wrongOnes(plan)) setSysctl(name, value)
}

function wrongOnes({ bridge }: FirewallPlan): Wanted[] {
  const all = [...planBridgeSysctls(bridge), ...BRIDGE_NETFILTER, ...FORWARDING, MARKS_COUNT]
  return all.filter(({ name, value }) => ![value, undefined].includes(findSysctl(name)))
}

// A router ignores router advertisements unless told twice (accept_ra = 2, kernel: networking/ip-sysctl): a machine that has its own IPv6
// way out from them would lose it.
function keepRouterAdvertisements(): void {
  if (findSysctl('net/ipv6/conf/all/forwarding') !== '0') return
  for (const link of listSysctls('net/ipv6/conf')) {
    const name = `net/ipv6/conf/${link}/accept_ra`
    if (findSysctl(name) === '1') setSysctl(name, '2')
  }
}

/** Whether this machine forwards packets between networks now. */
export function forwardsAlready(): boolean {
  return FORWARDING.some(({ name, value }) => findSysctl(name) === value)
}

/** Stops being a router: only for a machine that was none before us. */
export function stopForwarding(): void {
  for (const { name } of FORWARDING) setSysctl(name, '0')
}
