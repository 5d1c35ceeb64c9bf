import { networkInterfaces } from 'node:os'
import { AppError } from '../../model/errors.js'
import { forgetConnections, forgetNetwork } from '../host/connections.js'
import { dropLinks, type Link, listForwarding, listLinks, listNeighbours } from '../host/links.js'
import { findAddressIndex, findStartTime, isAlive, type ProcessMark } from '../host/processes.js'
import { findSysctl } from '../host/sysctls.js'
import { type Addresses, addressesOf, listNumbers } from './addresses.js'
import { watchAwaited } from './awaited.js'
import { ensureBridge, findBridgeProblems, raiseBridge, removeBridge } from './bridge.js'
import { type FirewallPlan, type NetworkSettings, type Port, planFirewall } from './firewall-plan.js'
import { findForwardPolicy } from './firewall-state.js'
import { applyNetworkSysctls, findSysctlProblems, forwardsAlready, stopForwarding } from './forwarding.js'
import { findGateProblems, removeGate, shutGate } from './gate.js'
import { type LoadedFirewall, loadFirewall } from './loaded-firewall.js'
import {
  attachPort,
  detachPort,
  findPortProblems,
  findTraces,
  forgetNeighbours,
  knowNeighbours,
  mendPort,
  type PortFacts,
} from './ports.js'

export type { NetworkSettings, Port } from './firewall-plan.js'

/** The private network of the platform, in the agent's own network namespace. */
export interface Network {
  /**
   * Connects the container whose PID 1 has host pid `pid`: cable, addresses, routes, static neighbours. Connected already: no change.
   * `startTime` tells it apart from a later process with that pid. AppError `not_found` when it is gone, `host_failed`.
   */
  attach(n: number, pid: number, startTime?: number): Promise<void>
  /** Takes the cable and neighbours of an address away; those of a held one stay held. Absent already: no change. */
  detach(n: number): Promise<void>
  /** From now on what is sent to that address waits in the kernel, connected or not; `onAwaited` is told of it. Held already: no change. */
  hold(n: number): Promise<void>
  /** What waits for that address is sent on when it is connected, and dropped when it is not. Not held: no change. */
  release(n: number): Promise<void>
  /**
   * Forgets the tracked connections of an address that is not connected; before it is given to another container. Costly whatever their number:
   * the kernel walks the whole table. One address at a time.
   */
  forget(n: number): Promise<void>
  /** Says which containers there are (all that may send, with those that may be reached `up`). A burst of calls is loaded once. */
  setPorts(ports: readonly Port[]): Promise<void>
  /** What is missing or wrong, in words. */
  check(): Promise<string[]>
  /** The part of it of which nobody is told that it was changed: kernel settings. */
  checkSettings(): string[]
  /** The same, by what it is about. */
  examine(): Promise<NetworkProblems>
  /** The name servers to which the sites' questions go. */
  resolvers(): string[]
  /** Puts back all that `check` can miss, and takes away what belongs to nobody. */
  repair(): Promise<void>
  /** Who is told that something waits for a held address. */
  onAwaited(listener: (n: number) => void): void
  /** Takes everything away: for the platform's end, when no container runs. */
  close(): Promise<void>
}

export interface NetworkProblems {
  firewall: string[]
  bridge: string[]
  cables: string[]
  settings: string[]
}

/**
 * Brings up bridge and firewall in the current network namespace; what an earlier agent left there is taken over, and running containers
 * keep their connections. The firewall is loaded before the bridge is up, and without it the gate lets nothing through: no moment is unprotected.
 */
export async function openNetwork(settings: NetworkSettings): Promise<Network> {
  const routesOnlySites = !forwardsAlready() || (await findForwardPolicy()) === 'drop'
  const plan = planFirewall(settings, { addresses: localAddresses(), routesOnlySites })
  await ensureBridge(plan)
  await shutGate(plan.bridge)
  const firewall = await loadFirewall(plan)
  applyNetworkSysctls(plan)
  await raiseBridge(plan)
  return networkOf(plan, firewall)
}

/** A turn of its own: no container has this number. */
const FORGETTING = 0

function networkOf(plan: FirewallPlan, firewall: LoadedFirewall): Network {
  const attached = new Map<number, ProcessMark>()
  /** Those that are being connected or disconnected, or could not be connected. */
  const changing = new Set<number>()
  const held = new Set<number>()
  const awaited = watchAwaited(plan, held)
  const inTurn = oneAtATimePerKey()
  const isKnown = (n: number): boolean => attached.has(n) || changing.has(n)
  const examine = () => examineNetwork(plan, firewall, { attached, changing, held })
  return {
    attach: (n, pid, startTime) =>
      inTurn(n, async () => {
        changing.add(n)
        const mark = { pid, startTime: startTime ?? getStartTime(pid) }
        await attachOrAdopt(plan, n, mark, held.has(n))
        attached.set(n, mark)
        changing.delete(n)
      }),
    detach: (n) =>
      inTurn(n, async () => {
        changing.add(n)
        attached.delete(n)
        await detachPort(plan, n, held.has(n)).finally(() => changing.delete(n))
      }),
    ...holding(plan, held, attached, inTurn),
    forget: (n) =>
      inTurn(FORGETTING, async () => {
        const { ipv4, ipv6 } = addressesOf(plan.addresses, n)
        if (!attached.has(n)) await forgetConnections(ipv4, ipv6)
      }),
    setPorts: (ports) => firewall.setPorts(ports),
    check: async () => Object.values(await examine()).flat(),
    checkSettings: () => findSysctlProblems(plan),
    examine,
    resolvers: () => [plan.resolverIpv4, plan.resolverIpv6].filter((address) => address !== undefined),
    repair: async () => {
      await ensureBridge(plan)
      await shutGate(plan.bridge)
      await firewall.reload()
      applyNetworkSysctls(plan)
      await raiseBridge(plan)
      for (const n of findTraces(plan, await lookAround(plan)))
        await inTurn(n, async () => {
          if (!isKnown(n)) await detachPort(plan, n, held.has(n))
        })
      for (const n of attached.keys())
        await inTurn(n, async () => {
          const mark = attached.get(n)
          if (mark !== undefined && isAlive(mark)) await attachOrAdopt(plan, n, mark, held.has(n))
        })
    },
    onAwaited: awaited.listen,
    close: async () => {
      awaited.close()
      await removeBridge(plan)
      await firewall.unload()
      await removeGate(plan.bridge)
      await forgetNetwork(plan.addresses.ipv4Network, plan.addresses.ipv6Network)
      if (plan.routesOnlySites) stopForwarding()
    },
  }
}

/** What there is, and what is being changed. */
interface Cables {
  attached: ReadonlyMap<number, ProcessMark>
  changing: ReadonlySet<number>
  held: ReadonlySet<number>
}

async function examineNetwork(
  plan: FirewallPlan,
  firewall: LoadedFirewall,
  { attached, changing, held }: Cables,
): Promise<NetworkProblems> {
  const isKnown = (n: number): boolean => attached.has(n) || changing.has(n)
  // What is connected or disconnected while we look is not at fault.
  const before = [...attached].filter(([n]) => !changing.has(n))
  const unknown = listNumbers().filter((n) => !isKnown(n))
  const [facts, problems, gate] = await Promise.all([
    lookAround(plan),
    firewall.problems(),
    findGateProblems(plan.bridge),
  ])
  const cables = before
    .filter(([n, mark]) => attached.get(n) === mark && !changing.has(n) && isAlive(mark))
    .flatMap(([n]) => findPortProblems(plan, n, facts, held.has(n)))
  const strays = findTraces(plan, facts).filter((n) => unknown.includes(n) && !isKnown(n))
  cables.push(...strays.map((n) => `${addressesOf(plan.addresses, n).ipv4} belongs to nobody and has left something`))
  const [bridge, settings] = [findBridgeProblems(plan, facts.links), findSysctlProblems(plan)]
  return { firewall: [...problems, ...gate], bridge, cables, settings }
}

/** Addresses for which packets wait. */
function holding(
  plan: FirewallPlan,
  held: Set<number>,
  attached: ReadonlyMap<number, ProcessMark>,
  inTurn: InTurn,
): Pick<Network, 'hold' | 'release'> {
  return {
    hold: (n) =>
      inTurn(n, async () => {
        if (held.has(n)) return
        held.add(n)
        await forgetNeighbours(plan, n)
      }),
    release: (n) =>
      inTurn(n, async () => {
        if (!held.delete(n)) return
        await (attached.has(n) ? knowNeighbours(plan, n) : forgetNeighbours(plan, n))
      }),
  }
}

function getStartTime(pid: number): number {
  const startTime = findStartTime(pid)
  if (startTime === undefined) throw new AppError('not_found', 'the container has ended')
  return startTime
}

// A cable of that name is this container's (after a restart of the agent, or a repair), or an earlier container's whose namespace the kernel has
// not taken apart yet.
async function attachOrAdopt(plan: FirewallPlan, n: number, mark: ProcessMark, isHeld: boolean): Promise<void> {
  const addresses = addressesOf(plan.addresses, n)
  if (findSysctl(`net/ipv4/conf/${addresses.link}/forwarding`) === undefined)
    return await attachPort(plan, n, mark, isHeld)
  const facts = await lookAround(plan)
  if (isCableOf(facts.links, addresses, mark)) {
    if (findPortProblems(plan, n, facts, isHeld).length > 0) await mendPort(plan, n, isHeld)
    return
  }
  await dropLinks([`link delete dev ${addresses.link}`])
  await attachPort(plan, n, mark, isHeld)
}

function isCableOf(links: readonly Link[], { link, ipv6 }: Addresses, { pid }: ProcessMark): boolean {
  const index = links.find(({ ifname }) => ifname === link)?.link_index
  return index !== undefined && index === findAddressIndex(pid, ipv6)
}

async function lookAround({ bridge }: FirewallPlan): Promise<PortFacts & { links: Link[] }> {
  const links = await listLinks()
  if (!links.some(({ ifname }) => ifname === bridge)) return { links, neighbours: [], forwarding: [] }
  const [neighbours, forwarding] = await Promise.all([listNeighbours(bridge), listForwarding(bridge)])
  return { links, neighbours, forwarding }
}

function localAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address))
}

type InTurn = (key: number, work: () => Promise<void>) => Promise<void>

function oneAtATimePerKey(): InTurn {
  const last = new Map<number, Promise<void>>()
  return (key, work) => {
    const mine = (last.get(key) ?? Promise.resolve()).catch(() => undefined).then(work)
    last.set(key, mine)
    return mine
  }
}
