import type { FirewallPlan } from './firewall-plan.js'

const webPorts = ({ httpPort, httpsPort }: FirewallPlan) =>
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
    ${QUESTION} goto dns
    ct state established,related accept${toWeb.map((rule) => `\n    ${rule} comment "public sites; the front proxy keeps the panel from them"`).join('')}
    ip daddr ${plan.addresses.gateway.ipv4} icmp type echo-request limit rate 5/second accept
    ip6 daddr ${plan.addresses.gateway.ipv6} icmpv6 type 128 limit rate 5/second accept
    counter name to_host
    meta l4proto 6 reject with tcp reset
    drop
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
    accept
  }`
}

// Each packet of a question counts, also on a flow that was answered once.
const QUESTION = 'ct status dnat meta l4proto { 6, 17 } ct direction original ct original proto-dst 53'

/** What passes through. On a machine that routed for nobody before us, nothing but the sites' own traffic does. */
export function renderForward({ bridge, uplink, routesOnlySites }: FirewallPlan): string {
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
    ${QUESTION} goto dns
    ct state established,related accept${wayOut}
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
    meta l4proto { 1, 6, 17, 58 } accept
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

/**
 * What one source outside may use up: 100 connections to the front proxy, 30 new ones a minute to the SFTP ports (an IPv6 source is a /64). A table of
 * its own, before the others.
 */
export function renderVisitorLimits(plan: FirewallPlan): string {
  const { bridge, uplink } = plan
  if (uplink === null) return ''
  const source6 = 'ip6 saddr & ffff:ffff:ffff:ffff::'
  const web = `iifname "${uplink}" ${webPorts(plan)} ct state new`
  const sftp = `iifname "${uplink}" oifname "${bridge}" ct state new ct status dnat tcp dport 22`
  const busy = 'counter name too_many reject with tcp reset'
  const often = 'limit rate over 30/minute burst 20 packets } counter name too_many drop'
  return `
table inet ruche_limits {
  set web4 { type ipv4_addr; size 65535; flags dynamic; }
  set web6 { type ipv6_addr; size 65535; flags dynamic; }
  set sftp4 { type ipv4_addr; size 65535; flags dynamic,timeout; timeout 1m; }
  set sftp6 { type ipv6_addr; size 65535; flags dynamic,timeout; timeout 1m; }
  counter too_many { }
  chain input {
    type filter hook input priority -10; policy accept;
    ${web} add @web4 { ip saddr ct count over 100 } ${busy}
    ${web} add @web6 { ${source6} ct count over 100 } ${busy}
  }
  chain forward {
    type filter hook forward priority -10; policy accept;
    ${sftp} update @sftp4 { ip saddr ${often}
    ${sftp} update @sftp6 { ${source6} ${often}
  }
}
`
}
