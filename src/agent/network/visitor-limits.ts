import { webPorts } from './firewall-filter.js'
import type { FirewallPlan } from './firewall-plan.js'

/** Seconds in which a source that opens connections as fast as it may fills what it may hold. */
const SECONDS_TO_FILL = 10

/**
 * What one source outside may use up (an IPv6 source is a /64): connections to the front proxy at once, new ones in a second, and logins to the sites' SFTP:
 * few to one site, more to all. A table of its own, before the others.
 */
export function renderVisitorLimits(plan: FirewallPlan): string {
  const { bridge, uplink, connectionsPerSource } = plan
  if (uplink === null) return ''
  const source6 = 'ip6 saddr & ffff:ffff:ffff:ffff::'
  const web = `iifname "${uplink}" ${webPorts(plan)} ct state new`
  const sftp = `iifname "${uplink}" oifname "${bridge}" ct state new ct status dnat tcp dport 22`
  const busy = `ct count over ${connectionsPerSource} } counter name too_many reject with tcp reset`
  const perSecond = Math.ceil(connectionsPerSource / SECONDS_TO_FILL)
  const fast = `limit rate over ${perSecond}/second burst ${connectionsPerSource} packets } counter name too_many drop`
  const often = 'limit rate over 30/minute burst 20 packets } counter name too_many drop'
  const everywhere = 'limit rate over 5/second burst 200 packets } counter name too_many drop'
  return `
table inet ruche_limits {
  set web4 { type ipv4_addr; size 65535; flags dynamic; }
  set web6 { type ipv6_addr; size 65535; flags dynamic; }
  set new4 { type ipv4_addr; size 65535; flags dynamic,timeout; timeout 1m; }
  set new6 { type ipv6_addr; size 65535; flags dynamic,timeout; timeout 1m; }
  set sftp4 { type ipv4_addr . ipv4_addr; size 65535; flags dynamic,timeout; timeout 1m; }
  set sftp6 { type ipv6_addr . ipv6_addr; size 65535; flags dynamic,timeout; timeout 1m; }
  set logins4 { type ipv4_addr; size 65535; flags dynamic,timeout; timeout 1m; }
  set logins6 { type ipv6_addr; size 65535; flags dynamic,timeout; timeout 1m; }
  counter too_many { }
  chain input {
    type filter hook input priority -10; policy accept;
    ${web} update @new4 { ip saddr ${fast}
    ${web} update @new6 { ${source6} ${fast}
    ${web} add @web4 { ip saddr ${busy}
    ${web} add @web6 { ${source6} ${busy}
  }
  chain forward {
    type filter hook forward priority -10; policy accept;
    ${sftp} update @sftp4 { ip saddr . ip daddr ${often}
    ${sftp} update @sftp6 { ${source6} . ip6 daddr ${often}
    ${sftp} update @logins4 { ip saddr ${everywhere}
    ${sftp} update @logins6 { ${source6} ${everywhere}
  }
}
`
}
