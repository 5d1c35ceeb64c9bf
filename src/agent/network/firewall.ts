import { renderEgress, renderForward, renderInput, renderOutput, renderVisitorLimits } from './firewall-filter.js'
import { renderNat } from './firewall-nat.js'
import type { FirewallPlan, Port } from './firewall-plan.js'
import { type FirewallSet, planSets, renderSets } from './firewall-sets.js'

// Protocols are numbers all through (1 ICMP, 6 TCP, 17 UDP, 58 ICMPv6): a minimal Debian has no /etc/protocols to look names up in.

/**
 * The whole firewall for `nft -f` (nft(8)): one transaction that replaces our tables. It only judges what comes from the bridge, what pretends to,
 * and floods of the front proxy: whatever else reaches this machine is the administrator's business. A later table cannot undo a drop, and
 * this one undoes no drop of others.
 */
export function renderFirewall(plan: FirewallPlan, ports: readonly Port[]): string {
  const sets = planSets(plan, ports)
  return `${renderNoFirewall()}
table bridge ruche {
${renderSets(sets, 'bridge ruche')}
${renderBridgeChains(plan)}
}

table inet ruche {
${renderInetSets(plan, sets)}
${[renderRaw(plan), renderNat(plan), renderInput(plan), renderForward(plan), renderEgress(), renderOutput(plan)].join('\n')}
}
${renderVisitorLimits(plan)}`
}

/** Our tables. In the last, elements of sets come and go with visitors; those of the others follow from the containers, or are few. */
export const TABLES = ['bridge ruche', 'inet ruche', 'inet ruche_limits'] as const

/** Takes the firewall away, whatever of it is there. */
export function renderNoFirewall(): string {
  return TABLES.map((table) => `table ${table}\ndelete table ${table}\n`).join('')
}

// Every frame of a site is unicast to the gateway, from its own MAC and addresses. Neighbours are static on both sides, so ARP and neighbour
// discovery have no use: without them nobody can be impersonated. Other bridges of the machine are left alone: ours has only rv* ports.
function renderBridgeChains(plan: FirewallPlan): string {
  return `  counter spoofed_mac { }
  counter spoofed_ip { }
  counter other { }
  chain prerouting {
    type filter hook prerouting priority -300; policy accept;
    iifname "rv*" goto from_site
  }
  chain from_site {
    ether daddr != ${plan.addresses.gateway.mac} counter name other drop comment "no broadcast, multicast, STP, LLDP, neighbour"
    iifname . ether saddr != @l2 counter name spoofed_mac drop
    ether type ip ip hdrlength != 5 counter name other drop comment "no IP options"
    ether type ip iifname . ip saddr @v4 udp sport != { 67, 68 } accept
    ether type ip iifname . ip saddr @v4 ip protocol { 1, 6 } accept
    ether type ip counter name spoofed_ip drop
    ether type ip6 icmpv6 type { 130-137, 143 } counter name other drop comment "no MLD, RS, RA, NS, NA, redirect"
    ether type ip6 iifname . ip6 saddr @v6 udp sport != { 546, 547 } accept
    ether type ip6 iifname . ip6 saddr @v6 meta l4proto { 6, 58 } accept
    ether type ip6 counter name spoofed_ip drop
    counter name other drop comment "ARP, VLAN and every other ethertype"
  }
  chain forward {
    type filter hook forward priority 0; policy accept;
    iifname "rv*" counter drop
    oifname "rv*" counter drop
  }`
}

const PRIVATE_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
]
// The first and 2002::/16 also hold addresses that lead on to IPv4, private ones too (RFC 6052, RFC 3056).
const PRIVATE_IPV6 = ['::/8', '2002::/16', 'fc00::/7', 'fe80::/10', 'ff00::/8']

function renderInetSets(plan: FirewallPlan, sets: readonly FirewallSet[]): string {
  // A routed prefix is not private, and yet the way to the neighbours.
  const nogo6 = plan.addresses.ipv6IsLocal ? PRIVATE_IPV6 : [...PRIVATE_IPV6, plan.addresses.ipv6Network]
  return `${renderSets(sets, 'inet ruche')}
  set nogo4 { type ipv4_addr; flags interval; elements = { ${PRIVATE_IPV4.join(', ')} } }
  set nogo6 { type ipv6_addr; flags interval; elements = { ${nogo6.join(', ')} } }
  set flows4 { type ipv4_addr; size 1024; flags dynamic; }
  set flows6 { type ipv6_addr; size 1024; flags dynamic; }
  set web4 { type ipv4_addr; size 1024; flags dynamic; }
  set web6 { type ipv6_addr; size 1024; flags dynamic; }
  set new_web4 { type ipv4_addr; size 1024; flags dynamic,timeout; timeout 1m; }
  set new_web6 { type ipv6_addr; size 1024; flags dynamic,timeout; timeout 1m; }
  set new4 { type ipv4_addr; size 1024; flags dynamic,timeout; timeout 1m; }
  set new6 { type ipv6_addr; size 1024; flags dynamic,timeout; timeout 1m; }
  set dns4 { type ipv4_addr; size 1024; flags dynamic,timeout; timeout 1m; }
  set dns6 { type ipv6_addr; size 1024; flags dynamic,timeout; timeout 1m; }
  counter pretended { }
  counter to_host { }
  counter private { }
  counter mail { }
  counter too_many { }
  counter to_neighbour { }`
}

// Before conntrack. The bridge may route to 127.0.0.0/8 (the host's own way to its SFTP ports needs that), so what claims to go there is dropped here.
function renderRaw({ bridge, addresses }: FirewallPlan): string {
  return `  chain raw {
    type filter hook prerouting priority raw; policy accept;
    iifname "${bridge}" ip daddr 127.0.0.0/8 counter name pretended drop
    iifname "${bridge}" fib saddr . iif oif missing counter name pretended drop
    iifname { "${bridge}", "lo" } accept
    ip saddr { 127.0.0.0/8, ${addresses.ipv4Network} } counter name pretended drop
    ip daddr ${addresses.ipv4Network} counter name pretended drop
    ip6 saddr ${addresses.ipv6Network} counter name pretended drop${
      addresses.ipv6IsLocal
        ? `
    ip6 daddr ${addresses.ipv6Network} counter name pretended drop`
        : ''
    }
  }`
}
