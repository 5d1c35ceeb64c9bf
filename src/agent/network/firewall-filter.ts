import type { FirewallPlan } from './firewall-plan.js'

/** What may reach this machine itself. Only the bridge is restricted; on the uplink no one source may take all connections of the front proxy. */
export function renderInput(plan: FirewallPlan): string {
  const { bridge, uplink, publicIpv4, publicIpv6, httpPort, httpsPort } = plan
  const web = `tcp dport { ${[...new Set([httpPort, httpsPort])].join(', ')} }`
  const limits =
    uplink === null
      ? ''
      : `
    iifname "${uplink}" ${web} ct state new add @web4 { ip saddr ct count over 100 } counter name too_many reject with tcp reset
    iifname "${uplink}" ${web} ct state new add @web6 { ip6 saddr & ffff:ffff:ffff:ffff:: ct count over 100 } counter name too_many reject with tcp reset`
  const toWeb = [
    ...(publicIpv4.length > 0 ? [`ip daddr { ${publicIpv4.join(', ')} } ${web} accept`] : []),
    ...(publicIpv6.length > 0 ? [`ip6 daddr { ${publicIpv6.join(', ')} } ${web} accept`] : []),
  ]
  return `  chain input {
    type filter hook input priority filter; policy accept;
    iifname "${bridge}" goto to_host${limits}
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
  const sftp = (set: string, source: string) =>
    `iifname "${uplink}" ct status dnat tcp dport 22 update @${set} { ${source} limit rate over 30/minute burst 20 packets } counter name too_many drop`
  const fromOutside =
    uplink === null
      ? ''
      : `
    ${sftp('sftpnew4', 'ip saddr')}
    ${sftp('sftpnew6', 'ip6 saddr & ffff:ffff:ffff:ffff::')}
    iifname "${uplink}" ct status dnat tcp dport 22 accept`
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
