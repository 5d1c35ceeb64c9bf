import { isIPv4, isIPv6 } from 'node:net'
import type { AgentSettings } from '../../model/agent-settings.js'
import { type AddressPlan, parseAddressPlan } from './addresses.js'

export type NetworkSettings = AgentSettings['network']

/** A container as the firewall sees it. `up`: its services may be reached; else its address refuses at once. */
export interface Port {
  n: number
  sftpPort: number
  up: boolean
}

/** All that the firewall's text depends on, apart from the containers. */
export interface FirewallPlan {
  bridge: string
  uplink: string | null
  /** Whether ports of the uplink lead to sites. */
  servesUplink: boolean
  addresses: AddressPlan
  /** Public addresses that are really on this machine. None: any of its own counts, and what leaves is masqueraded. */
  publicIpv4: readonly string[]
  publicIpv6: readonly string[]
  httpPort: number
  httpsPort: number
  /** Connections to those ports that one source outside may hold at once. */
  connectionsPerSource: number
  /** Who answers the sites' questions, per family. */
  resolverIpv4: string | undefined
  resolverIpv6: string | undefined
  /** This machine routes for nobody but the sites: everything else is not forwarded. */
  routesOnlySites: boolean
}

/** What was found about the machine itself. */
export interface HostFacts {
  /** All addresses of its interfaces. */
  addresses: readonly string[]
  routesOnlySites: boolean
}

/** A public address that is translated to us by somebody else (as clouds do) is not on an interface: neither rule may name it. */
export function planFirewall(settings: NetworkSettings, facts: HostFacts): FirewallPlan {
  const isHere = (address: string) => facts.addresses.includes(address)
  // A resolver on a loopback address answers only there (systemd-resolved binds it to lo): a translated question would get no answer.
  const resolvers = settings.resolvers.filter((address) => !address.startsWith('127.') && address !== '::1')
  return {
    bridge: settings.bridge,
    uplink: settings.uplink,
    servesUplink: settings.servesUplink ?? true,
    addresses: parseAddressPlan(settings.ipv4, settings.ipv6),
    publicIpv4: settings.publicIpv4.filter(isHere),
    publicIpv6: settings.publicIpv6.filter(isHere),
    httpPort: settings.httpPort,
    httpsPort: settings.httpsPort,
    connectionsPerSource: settings.connectionsPerSource,
    resolverIpv4: resolvers.find(isIPv4),
    resolverIpv6: resolvers.find(isIPv6),
    routesOnlySites: facts.routesOnlySites,
  }
}
