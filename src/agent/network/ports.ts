import { open, readlink } from 'node:fs/promises'
import { AppError } from '../../model/errors.js'
import {
  changeBridge,
  changeLinks,
  changeLinksInside,
  dropLinks,
  type ForwardingEntry,
  type Link,
  type Neighbour,
} from '../host/links.js'
import { findStartTime, type ProcessMark } from '../host/processes.js'
import { type Addresses, addressesOf, listNumbers } from './addresses.js'
import type { FirewallPlan } from './firewall-plan.js'

const PORT_FLAGS = 'isolated on learning off flood off mcast_flood off bcast_flood off neigh_suppress on'
// The same as ip(8) answers them.
const FLAG_VALUES: Readonly<Record<string, boolean>> = {
  isolated: true,
  learning: false,
  flood: false,
  mcast_flood: false,
  bcast_flood: false,
  neigh_suppress: true,
}

/** The host's side of a cable that is there: on the bridge, and deaf to everything but its own container's address. */
export function planHostSide({ bridge }: FirewallPlan, { link }: Addresses): string[] {
  return [
    `link set dev ${link} addrgenmode none`,
    `link set dev ${link} master ${bridge}`,
    `link set dev ${link} type bridge_slave ${PORT_FLAGS}`,
    `link set dev ${link} up`,
  ]
}

/** Both neighbours known for good: what waits for them is sent on at this moment, what comes later at once. */
export function planNeighbours({ bridge }: FirewallPlan, { ipv4, ipv6, mac }: Addresses): string[] {
  return [ipv4, ipv6].map((address) => `neighbour replace ${address} lladdr ${mac} dev ${bridge} nud permanent`)
}

const planForwarding = ({ link, mac }: Addresses): string[] => [`fdb replace ${mac} dev ${link} master static`]

/** The container's side. Only the gateway is on the link (/32, /128): a neighbour's address leads to the gateway, which refuses at once. */
export function planInside({ addresses: { gateway } }: FirewallPlan, { ipv4, ipv6 }: Addresses): string[] {
  return [
    'link set dev eth0 addrgenmode none',
    'link set dev eth0 up',
    `address add ${ipv4}/32 dev eth0`,
    `address add ${ipv6}/128 dev eth0 nodad`,
    `neighbour add ${gateway.ipv4} lladdr ${gateway.mac} dev eth0 nud permanent`,
    `neighbour add ${gateway.ipv6} lladdr ${gateway.mac} dev eth0 nud permanent`,
    `route add ${gateway.ipv4}/32 dev eth0 scope link`,
    `route add 0.0.0.0/0 via ${gateway.ipv4} dev eth0 onlink`,
    `route add ${gateway.ipv6}/128 dev eth0`,
    `route add ::/0 via ${gateway.ipv6} dev eth0 onlink`,
  ]
}

/**
 * Connects a process's network namespace as container `n`. The namespace is held open by a descriptor from before the process is checked, so that another
 * process with the same pid can never be connected. `isHeld`: without the neighbours. AppError `not_found` when the process is gone, `host_failed`.
 */
export async function attachPort(plan: FirewallPlan, n: number, mark: ProcessMark, isHeld: boolean): Promise<void> {
  const addresses = addressesOf(plan.addresses, n)
  const namespace = await openNamespace(mark)
  const path = `/proc/${process.pid}/fd/${namespace.fd}`
  const { link, mac } = addresses
  try {
    const queues = 'numtxqueues 1 numrxqueues 1'
    await changeLinks([
      `link add name ${link} ${queues} type veth peer name eth0 address ${mac} ${queues} netns ${path}`,
      ...planHostSide(plan, addresses),
      ...(isHeld ? [] : planNeighbours(plan, addresses)),
    ])
    await Promise.all([changeLinksInside(path, planInside(plan, addresses)), changeBridge(planForwarding(addresses))])
  } catch (error) {
    await dropLinks([`link delete dev ${link}`])
    throw error
  } finally {
    await namespace.close()
  }
}

async function openNamespace(mark: ProcessMark) {
  const gone = () => new AppError('not_found', 'the container has ended')
  const namespace = await open(`/proc/${mark.pid}/ns/net`, 'r').catch(() => undefined)
  if (namespace === undefined) throw gone()
  const [theirs, ours] = await Promise.all([readlink(`/proc/self/fd/${namespace.fd}`), readlink('/proc/self/ns/net')])
  if (findStartTime(mark.pid) === mark.startTime && theirs !== ours) return namespace
  await namespace.close()
  if (theirs === ours) throw new AppError('internal', 'a process of the host is not a container')
  throw gone()
}

/** Sets the host's side of a cable that is there once more. */
export async function mendPort(plan: FirewallPlan, n: number, isHeld: boolean): Promise<void> {
  const addresses = addressesOf(plan.addresses, n)
  await changeLinks([...planHostSide(plan, addresses), ...(isHeld ? [] : planNeighbours(plan, addresses))])
  await changeBridge(planForwarding(addresses))
}

/** Takes away what an address has on the host: cable and neighbours; of a held one the cable alone. Absent already: no change. */
export async function detachPort(plan: FirewallPlan, n: number, isHeld: boolean): Promise<void> {
  const addresses = addressesOf(plan.addresses, n)
  await dropLinks([`link delete dev ${addresses.link}`, ...(isHeld ? [] : planForgetting(plan, addresses))])
}

/** Makes the host forget the neighbours of an address, and what waits for them. */
export async function forgetNeighbours(plan: FirewallPlan, n: number): Promise<void> {
  await dropLinks(planForgetting(plan, addressesOf(plan.addresses, n)))
}

// ip(8) gives up a whole batch at a neighbour that is not there, so each is there first.
const planForgetting = ({ bridge }: FirewallPlan, { ipv4, ipv6, mac }: Addresses): string[] =>
  [ipv4, ipv6].flatMap((address) => [
    `neighbour replace ${address} lladdr ${mac} dev ${bridge} nud permanent`,
    `neighbour delete ${address} dev ${bridge}`,
  ])

/** Makes the neighbours of a connected address known. */
export async function knowNeighbours(plan: FirewallPlan, n: number): Promise<void> {
  await changeLinks(planNeighbours(plan, addressesOf(plan.addresses, n)))
}

/** What the host sees of its side of all cables. */
export interface PortFacts {
  links: readonly Link[]
  neighbours: readonly Neighbour[]
  forwarding: readonly ForwardingEntry[]
}

/** The numbers of all containers that have a cable or a neighbour on the host. */
export function findTraces({ addresses }: FirewallPlan, { links, neighbours }: PortFacts): number[] {
  const names = new Set([...links.map(({ ifname }) => ifname), ...neighbours.map(({ dst }) => dst)])
  return listNumbers().filter((n) => {
    const { link, ipv4, ipv6 } = addressesOf(addresses, n)
    return [link, ipv4, ipv6].some((name) => names.has(name))
  })
}

/** What is wrong with one container's cable, in words. A held one has no neighbours yet. */
export function findPortProblems(plan: FirewallPlan, n: number, facts: PortFacts, isHeld = false): string[] {
  const { link, ipv4, ipv6, mac } = addressesOf(plan.addresses, n)
  const found = facts.links.find(({ ifname }) => ifname === link)
  if (found === undefined) return [`the cable ${link} is missing`]
  const flags = found.linkinfo?.info_slave_data ?? {}
  const wrong = Object.keys(FLAG_VALUES).filter((flag) => flags[flag] !== FLAG_VALUES[flag])
  const isStatic = facts.forwarding.some((row) => row.mac === mac && row.ifname === link && row.state === 'static')
  const lost = (isHeld ? [] : [ipv4, ipv6]).filter(
    (ip) => !facts.neighbours.some((row) => row.dst === ip && row.lladdr === mac),
  )
  return [
    ...(found.flags.includes('UP') ? [] : [`the cable ${link} is down`]),
    ...(found.master === plan.bridge
      ? wrong.map((flag) => `${flag} of ${link} is wrong`)
      : [`${link} is not on the bridge`]),
    ...(isStatic ? [] : [`the bridge does not know ${mac} behind ${link}`]),
    ...lost.map((address) => `the neighbour ${address} is missing`),
  ]
}
