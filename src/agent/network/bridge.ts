import { AppError } from '../../model/errors.js'
import { changeLinks, dropLinks, type Link, listLinks } from '../host/links.js'
import type { FirewallPlan } from './firewall-plan.js'

/**
 * Makes the bridge, still down: nothing passes before the firewall is there. One with our name and MAC is adopted as it is.
 * AppError `conflict` when the name belongs to something else.
 */
export async function ensureBridge({ bridge, addresses }: FirewallPlan): Promise<void> {
  const { gateway } = addresses
  const found = (await listLinks()).find((link) => link.ifname === bridge)
  if (found === undefined) {
    await changeLinks([
      `link add name ${bridge} address ${gateway.mac} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`,
      // No link-local address: what has none cannot be reached by it.
      `link set dev ${bridge} addrgenmode none`,
    ])
  } else if (found.linkinfo?.info_kind !== 'bridge' || found.address !== gateway.mac) {
    throw new AppError('conflict', `this machine has an interface ${bridge} already that is not the platform's`, {
      hint: 'Remove it, or stop what made it.',
    })
  }
}

/** Gives the bridge its addresses and brings it up. Again: no change. Without duplicate address detection the IPv6 address serves at once. */
export async function raiseBridge({ bridge, addresses }: FirewallPlan): Promise<void> {
  await changeLinks([
    `address replace ${addresses.gateway.ipv4}/24 dev ${bridge}`,
    `address replace ${addresses.gateway.ipv6}/64 dev ${bridge} nodad`,
    `link set dev ${bridge} up`,
  ])
}

/** Removes the bridge and every cable on it. */
export async function removeBridge({ bridge }: FirewallPlan): Promise<void> {
  const cables = (await listLinks()).filter((link) => link.master === bridge)
  await dropLinks([...cables, { ifname: bridge }].map(({ ifname }) => `link delete dev ${ifname}`))
}

/** What is wrong with the bridge, in words. */
export function findBridgeProblems({ bridge, addresses }: FirewallPlan, links: readonly Link[]): string[] {
  const found = links.find((link) => link.ifname === bridge)
  if (found === undefined) return [`the bridge ${bridge} is missing`]
  const { gateway } = addresses
  const has = (address: string, length: number) =>
    found.addr_info?.some((info) => info.local === address && info.prefixlen === length) ?? false
  return [
    ...(found.address === gateway.mac ? [] : [`the bridge ${bridge} has the wrong MAC address`]),
    ...(found.flags.includes('UP') ? [] : [`the bridge ${bridge} is down`]),
    ...(has(gateway.ipv4, 24) ? [] : [`the bridge ${bridge} lacks ${gateway.ipv4}/24`]),
    ...(has(gateway.ipv6, 64) ? [] : [`the bridge ${bridge} lacks ${gateway.ipv6}/64`]),
  ]
}
