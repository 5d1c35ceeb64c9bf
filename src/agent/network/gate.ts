import { changeRules, listRules, type RoutingFamily, type RoutingRule } from '../host/routing-rules.js'

// Two bits of the packet mark, high up where other software keeps none.
/** Set by the bridge's table on a frame that comes from its own port, MAC and addresses. */
export const SEEN_ON_BRIDGE = '0x10000000'
/** Set by the inet table once such a packet has passed its first look. */
export const SEEN_BY_FIREWALL = '0x20000000'

const FAMILIES: readonly RoutingFamily[] = ['-4', '-6']
// Said to be the kernel's own: systemd-networkd removes rules of others when it starts.
const LOCAL = 'lookup local protocol kernel'
const gateOf = (bridge: string) => `fwmark 0/${SEEN_BY_FIREWALL} iif ${bridge} prohibit protocol kernel`

const isGate = (rule: RoutingRule, bridge: string): boolean =>
  rule.iif === bridge && rule.action === 'prohibit' && rule.fwmask === SEEN_BY_FIREWALL && rule.not === undefined
const isLocal = (rule: RoutingRule): boolean =>
  rule.priority === 0 && rule.src === 'all' && rule.table === 'local' && rule.iif === undefined

/** Whether the gate stands before the table of this machine's own addresses. Pure. */
export function isGateShut(bridge: string, rules: readonly RoutingRule[]): boolean {
  const gate = rules.findIndex((rule) => rule.priority === 0 && isGate(rule, bridge))
  const local = rules.findIndex(isLocal)
  return gate !== -1 && local !== -1 && gate < local
}

/**
 * Lines for ip-rule(8) that put the gate before everything else. Rules of one priority are asked in the order in which they came, so the rule for this machine's
 * own addresses has to come once more after the gate; at no moment is there none. Both keep priority 0, which `ip rule flush` spares. Pure.
 */
export function planGate(bridge: string, rules: readonly RoutingRule[]): string[] {
  if (isGateShut(bridge, rules)) return []
  return [
    ...rules
      .filter((rule) => isGate(rule, bridge))
      .map(({ priority }) => `rule delete pref ${priority} ${gateOf(bridge)}`),
    `rule add pref 0 ${gateOf(bridge)}`,
    `rule add pref 1 ${LOCAL}`,
    ...rules.filter(isLocal).map(() => 'rule delete pref 0 lookup local'),
    `rule add pref 0 ${LOCAL}`,
    'rule delete pref 1 lookup local',
  ]
}

/**
 * What comes from the bridge and was not marked by both tables of the firewall is not routed: neither to this machine nor on. That holds without the
 * firewall, so its loss closes the sites in and opens nothing (ip-rule(8)). Again: no change.
 */
export async function shutGate(bridge: string): Promise<void> {
  for (const family of FAMILIES) {
    const lines = planGate(bridge, await listRules(family))
    if (lines.length > 0) await changeRules(family, lines)
  }
}

/** Takes the gate away, once no bridge is there any more. */
export async function removeGate(bridge: string): Promise<void> {
  for (const family of FAMILIES) {
    const gates = (await listRules(family)).filter((rule) => isGate(rule, bridge))
    const lines = gates.map(({ priority }) => `rule delete pref ${priority} ${gateOf(bridge)}`)
    if (lines.length > 0) await changeRules(family, lines)
  }
}

/** What is wrong with it, in words. */
export async function findGateProblems(bridge: string): Promise<string[]> {
  const lists = await Promise.all(FAMILIES.map(listRules))
  return lists.every((rules) => isGateShut(bridge, rules))
    ? []
    : [`what comes from ${bridge} would be routed without the firewall`]
}
