import type { FirewallPlan } from './firewall-plan.js'

/** Condition of a packet to the front proxy's ports. */
export const webPorts = ({ httpPort, httpsPort }: FirewallPlan) =>
  `tcp dport { ${[...new Set([httpPort, httpsPort])].join(', ')} }`

/**
 * What may reach this machine itself: of the sites' packets almost none, of all others everything. A site may visit the public sites as somebody outside
 * may, and hold no more of the front proxy's connections than such a one.
 */
export function renderInput(plan: FirewallPlan): string {
  const { bridge, publicIpv4, publicIpv6 } = plan
  const web = webPorts(plan)
  const toWeb = [
    ...(publicIpv4.length > 0 ? [`ip daddr { ${publicIpv4.join(', ')} } ${web} goto to_web`] : []),
    ...(publicIpv6.length > 0 ? [`ip6 daddr { ${publicIpv6.join(', ')} } ${web} goto to_web`] : []),
  ]
  return `  chain input {
    type filter hook input priority filter; policy accept;
    iifname "${bridge}" goto to_host
  }
  chain to_host {
    ct state invalid drop
    ${renderQuestion(plan)}
    ct state established accept${toWeb.map((rule) => `\n    ${rule}`).join('')}
    ip daddr ${plan.addresses.gateway.ipv4} icmp type echo-request limit rate 5/second accept
    ip6 daddr ${plan.addresses.gateway.ipv6} icmpv6 type 128 limit rate 5/second accept
    counter name to_host goto refuse
  }
  chain to_web {
    ct state new update @new_web4 { ip saddr limit rate over 50/second burst 100 packets } counter name too_many drop
    ct state new update @new_web6 { ip6 saddr limit rate over 50/second burst 100 packets } counter name too_many drop
    ct state new add @web4 { ip saddr ct count over 100 } counter name too_many reject with tcp reset
    ct state new add @web6 { ip6 saddr ct count over 100 } counter name too_many reject with tcp reset
    accept
  }
  chain dns {
    meta l4proto 6 ct state established accept
    update @dns4 { ip saddr limit rate over 50/second burst 100 packets } counter name too_many drop
    update @dns6 { ip6 saddr limit rate over 50/second burst 100 packets } counter name too_many drop
    meta l4proto 6 add @asks4 { ip saddr ct count over 50 } counter name too_many drop
    meta l4proto 6 add @asks6 { ip6 saddr ct count over 50 } counter name too_many drop
    accept
  }`
}

// Each packet of a question counts, also on a flow that was answered once. Only what was asked at the gateway: others may translate port 53 for themselves.
function renderQuestion({ addresses: { gateway } }: FirewallPlan): string {
  const question = 'ct status dnat meta l4proto { 6, 17 } ct direction original ct original proto-dst 53'
  return `${question} ct original ip daddr ${gateway.ipv4} goto dns
    ${question} ct original ip6 daddr ${gateway.ipv6} goto dns`
}

/**
 * What passes through. On a machine that routed for nobody before us, nothing but the sites' own traffic does. A site's errors about connections (ICMP) are not
 * passed on: the kernel believes one about anybody's connection.
 */
export function renderForward(plan: FirewallPlan): string {
  const { bridge, uplink, routesOnlySites } = plan
  const policy = routesOnlySites ? 'drop' : 'accept'
  const fromOutside = uplink === null ? '' : `\n    iifname "${uplink}" ct status dnat tcp dport 22 accept`
  const wayOut = uplink === null ? '' : `\n    oifname "${uplink}" goto egress`
  return `  chain forward {
    type filter hook forward priority filter; policy ${policy};
    iifname "${bridge}" goto from_site
    oifname "${bridge}" goto to_site
  }
  chain from_site {
    ct state invalid drop
    oifname "${bridge}" counter name to_neighbour goto refuse
    ${renderQuestion(plan)}
    ct state established accept${wayOut}
    goto refuse
  }
  chain to_site {
    ct state established,related accept${fromOutside}
    counter drop
  }
  chain refuse {
    meta l4proto 6 reject with tcp reset
    reject with icmpx admin-prohibited
  }`
}

/** What a site may send to the outside: no private or special address, no mail relay or Windows shares, a bounded number of flows. */
export function renderEgress(): string {
  return `  chain egress {
    ip daddr @nogo4 counter name private goto refuse
    ip6 daddr @nogo6 counter name private goto refuse
    tcp dport { 25, 465 } counter name mail reject with tcp reset
    meta l4proto { 6, 17 } th dport { 135-139, 445 } goto refuse
    ct state new add @flows4 { ip saddr ct count over 500 } counter name too_many drop
    ct state new add @flows6 { ip6 saddr ct count over 500 } counter name too_many drop
    ct state new update @new4 { ip saddr limit rate over 50/second burst 100 packets } counter name too_many drop
    ct state new update @new6 { ip6 saddr limit rate over 50/second burst 100 packets } counter name too_many drop
    meta l4proto { 6, 17 } ct state new,established accept
    icmp type echo-request accept
    icmpv6 type 128 accept
    drop
  }`
}

/**
 * A site that is not up refuses at once, instead of letting the front proxy wait for an address where nobody is. By destination, not by
 * interface: without the bridge the route would lead to the uplink.
 */
export function renderOutput({ addresses }: FirewallPlan): string {
  const down = [
    `ip daddr ${addresses.ipv4Network} ip daddr != ${addresses.gateway.ipv4} ip daddr != @up4`,
    `ip6 daddr ${addresses.ipv6Network} ip6 daddr != ${addresses.gateway.ipv6} ip6 daddr != @up6`,
  ]
  return `  chain output {
    type filter hook output priority filter; policy accept;
${down.map((to) => `    ct state new ${to} goto refuse`).join('\n')}
  }`
}
