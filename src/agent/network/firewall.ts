import { renderEgress, renderForward, renderInput, renderOutput } from './firewall-filter.js'
import { renderNat } from './firewall-nat.js'
import type { FirewallPlan, Port } from './firewall-plan.js'
import { type FirewallSet, planSets, renderSets } from './firewall-sets.js'
import { SEEN_BY_FIREWALL, SEEN_ON_BRIDGE } from './gate.js'
import { renderVisitorLimits } from './visitor-limits.js'

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
    ether type ip iifname . ip saddr @v4 udp sport != { 67, 68 } goto honest
    ether type ip iifname . ip saddr @v4 ip protocol { 1, 6 } goto honest
    ether type ip counter name spoofed_ip drop
    ether type ip6 icmpv6 type { 130-137, 143 } counter name other drop comment "no MLD, RS, RA, NS, NA, redirect"
    ether type ip6 iifname . ip6 saddr @v6 udp sport != { 546, 547 } goto honest
    ether type ip6 iifname . ip6 saddr @v6 meta l4proto { 6, 58 } goto honest
    ether type ip6 counter name spoofed_ip drop
    counter name other drop comment "ARP, VLAN and every other ethertype"
  }
  chain honest {
    meta mark set meta mark | ${SEEN_ON_BRIDGE} accept
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
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
]
// All but 2000::/3, the only global unicast addresses there are (RFC 4291), and in those what leads on to IPv4, private ones too (RFC 3056, RFC 4380).
const PRIVATE_IPV6 = ['::/3', '2001::/32', '2002::/16', '4000::/2', '8000::/1']

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
  set asks4 { type ipv4_addr; size 1024; flags dynamic; }
  set asks6 { type ipv6_addr; size 1024; flags dynamic; }
  counter pretended { }
  counter to_host { }
  counter private { }
  counter mail { }
  counter too_many { }
  counter to_neighbour { }`
}

// Before conntrack. What the bridge's table did not see is not honest; what passes here may be routed (gate.ts). The bridge may route to 127.0.0.0/8 (the host's own way to its SFTP ports needs that), so what claims to go there is dropped here.
function renderRaw({ bridge, addresses }: FirewallPlan): string {
  return `  chain raw {
    type filter hook prerouting priority raw; policy accept;
    iifname "${bridge}" meta mark & ${SEEN_ON_BRIDGE} == 0 counter name pretended drop
    iifname "${bridge}" ip daddr 127.0.0.0/8 counter name pretended drop
    iifname "${bridge}" meta mark set meta mark | ${SEEN_BY_FIREWALL}
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
  }
  chain to_sites {
    type filter hook prerouting priority dstnat + 10; policy accept;
    iifname != "${bridge}" ip daddr ${addresses.ipv4Network} meta mark set meta mark | ${SEEN_BY_FIREWALL} comment "the kernel looks whether answers could come in (rp_filter): they may"
  }`
}
