import type { FirewallPlan } from './firewall-plan.js'

/** Condition of a packet to a public address of this machine. */
function toPublic(family: 'ip' | 'ip6', addresses: readonly string[]): string {
  if (addresses.length > 0) return `${family} daddr { ${addresses.join(', ')} }`
  return `meta nfproto ${family === 'ip' ? 'ipv4' : 'ipv6'} fib daddr type local`
}

/** Questions to the resolver, SFTP ports to the sites (also from this machine itself), and the public address for what leaves. */
export function renderNat(plan: FirewallPlan): string {
  const { bridge, uplink, servesUplink, addresses, publicIpv4, publicIpv6 } = plan
  const { ipv4, ipv6 } = addresses.gateway
  const question = `iifname "${bridge}" meta l4proto { 6, 17 } th dport 53`
  const lines = {
    in: [
      ...(plan.resolverIpv4 ? [`${question} ip daddr ${ipv4} dnat ip to ${plan.resolverIpv4}`] : []),
      ...(plan.resolverIpv6 ? [`${question} ip6 daddr ${ipv6} dnat ip6 to ${plan.resolverIpv6}`] : []),
      ...(uplink === null || !servesUplink
        ? []
        : [
            `iifname "${uplink}" ${toPublic('ip', publicIpv4)} dnat ip to tcp dport map @sftp4`,
            `iifname "${uplink}" ${toPublic('ip6', publicIpv6)} dnat ip6 to tcp dport map @sftp6`,
          ]),
    ],
    local: [
      `ip daddr 127.0.0.0/8 dnat ip to tcp dport map @sftp4`,
      `${toPublic('ip', publicIpv4)} dnat ip to tcp dport map @sftp4`,
      `ip6 daddr != ::1 ${toPublic('ip6', publicIpv6)} dnat ip6 to tcp dport map @sftp6`,
    ],
    out: [`oifname "${bridge}" ip saddr 127.0.0.0/8 masquerade`, ...renderSourceNat(plan)],
  }
  const text = (rules: string[]) => rules.map((rule) => `\n    ${rule}`).join('')
  return `  chain dnat_in {
    type nat hook prerouting priority dstnat; policy accept;${text(lines.in)}
  }
  chain dnat_local {
    type nat hook output priority -100; policy accept;${text(lines.local)}
  }
  chain snat_out {
    type nat hook postrouting priority srcnat; policy accept;${text(lines.out)}
  }`
}

// The resolver may be reached another way than the uplink; there the address of that way is right.
function renderSourceNat({ bridge, uplink, addresses, publicIpv4, publicIpv6 }: FirewallPlan): string[] {
  const from4 = `ip saddr ${addresses.ipv4Network}`
  const from6 = `ip6 saddr ${addresses.ipv6Network}`
  const elsewhere = `oifname != { "${bridge}", "lo" }`
  const fixed = [
    ...(uplink !== null && publicIpv4[0] ? [`oifname "${uplink}" ${from4} snat ip to ${publicIpv4[0]}`] : []),
    ...(uplink !== null && publicIpv6[0] && addresses.ipv6IsLocal
      ? [`oifname "${uplink}" ${from6} snat ip6 to ${publicIpv6[0]}`]
      : []),
  ]
  return [
    ...fixed,
    `${elsewhere} ${from4} masquerade`,
    ...(addresses.ipv6IsLocal ? [`${elsewhere} ${from6} masquerade`] : []),
  ]
}
