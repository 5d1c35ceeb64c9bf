import { describe, expect, it } from 'vitest'
import { renderFirewall } from './firewall.js'
import { type NetworkSettings, planFirewall } from './firewall-plan.js'
import { planSets, renderSetChange } from './firewall-sets.js'
import { findFirewallProblems, readPorts } from './firewall-state.js'

const settings: NetworkSettings = {
  bridge: 'ruche0',
  ipv4: '10.1.1.0/24',
  ipv6: 'fd00:10:1:1::/64',
  uplink: 'eth0',
  publicIpv4: ['203.0.113.10'],
  publicIpv6: ['2001:db8:1::10'],
  httpPort: 80,
  httpsPort: 443,
  connectionsPerSource: 100,
  resolvers: ['127.0.0.53', '198.51.100.53', '2001:db8:9::53', '192.0.2.1'],
}
const facts = { addresses: ['127.0.0.1', '203.0.113.10', '2001:db8:1::10'], routesOnlySites: true }
const plan = planFirewall(settings, facts)
const ports = [
  { n: 3, sftpPort: 22003, up: false },
  { n: 2, sftpPort: 22002, up: true },
]

describe('planFirewall', () => {
  it('keeps the public addresses that are here, and resolvers that can be reached from a bridge', () => {
    expect(plan).toMatchObject({
      publicIpv4: ['203.0.113.10'],
      resolverIpv4: '198.51.100.53',
      resolverIpv6: '2001:db8:9::53',
    })
    const elsewhere = planFirewall({ ...settings, publicIpv4: ['192.0.2.7'], resolvers: ['127.0.0.1', '::1'] }, facts)
    expect(elsewhere).toMatchObject({ publicIpv4: [], resolverIpv4: undefined, resolverIpv6: undefined })
  })
})

describe('renderFirewall', () => {
  it('replaces our tables in one transaction and names no other', () => {
    const tables = [...renderFirewall(plan, ports).matchAll(/^(?:delete )?table (.*?)(?: \{)?$/gm)].map(
      (match) => match[1],
    )
    expect([...new Set(tables)]).toEqual(['bridge ruche', 'inet ruche', 'inet ruche_limits'])
    expect(renderFirewall(plan, ports)).not.toMatch(/flush ruleset/)
  })

  it('does not depend on the order of the containers', () => {
    expect(renderFirewall(plan, ports)).toBe(renderFirewall(plan, [...ports].reverse()))
  })

  it('never drops by policy what reaches the machine itself', () => {
    const text = renderFirewall(plan, ports)
    expect(text.match(/hook input [^\n]*/g)).toEqual(Array(2).fill(expect.stringMatching(/policy accept;$/)))
    expect(text.match(/hook output [^\n]*/g)?.every((line) => line.endsWith('policy accept;'))).toBe(true)
    expect(text).toMatch(/hook forward priority filter; policy drop;/)
    const router = renderFirewall(planFirewall(settings, { ...facts, routesOnlySites: false }), ports)
    expect(router).toMatch(/hook forward priority filter; policy accept;/)
  })

  it('leads nobody from outside to a site when the machine answers itself only', () => {
    const fromOutside = /iifname "eth0" [^\n]* dnat ip6? to /
    expect(renderFirewall(plan, ports)).toMatch(fromOutside)
    const text = renderFirewall(planFirewall({ ...settings, servesUplink: false }, facts), ports)
    expect(text).not.toMatch(fromOutside)
    expect(text).toMatch(/ip daddr 127\.0\.0\.0\/8 dnat/)
  })

  it('has no way out without an uplink', () => {
    const text = renderFirewall(planFirewall({ ...settings, uplink: null }, facts), ports)
    expect(text).not.toMatch(/eth0|goto egress/)
  })

  it('translates local IPv6 addresses, and leaves routed ones as they are', () => {
    expect(renderFirewall(plan, [])).toMatch(/snat ip6 to 2001:db8:1::10/)
    const routed = renderFirewall(planFirewall({ ...settings, ipv6: '2001:db8:77::/64' }, facts), [])
    expect(routed).not.toMatch(/snat ip6|ip6 saddr \S+ masquerade|ip6 daddr 2001:db8:77::\/64 counter/)
    expect(routed).toMatch(/set nogo6 .*2001:db8:77::\/64/)
  })
})

describe('the sets', () => {
  const elements = (name: string) => planSets(plan, ports).find((set) => set.name === name)?.elements

  it('let every container send, and only those that are up be reached', () => {
    expect(elements('l2')).toEqual(['"rv2" . 02:00:0a:01:01:02', '"rv3" . 02:00:0a:01:01:03'])
    expect(elements('v6')).toEqual(['"rv2" . fd00:10:1:1::2', '"rv3" . fd00:10:1:1::3'])
    expect(elements('up4')).toEqual(['10.1.1.2'])
    expect(elements('sftp4')).toEqual(['22002 : 10.1.1.2 . 22'])
  })

  it('are changed by their difference', () => {
    expect(renderSetChange(plan, ports, [...ports].reverse())).toBe('')
    const up = ports.map((port) => ({ ...port, up: true }))
    expect(renderSetChange(plan, ports, up).split('\n')).toEqual([
      'add element inet ruche up4 { 10.1.1.3 }',
      'add element inet ruche up6 { fd00:10:1:1::3 }',
      'add element inet ruche sftp4 { 22003 : 10.1.1.3 . 22 }',
      'add element inet ruche sftp6 { 22003 : fd00:10:1:1::3 . 22 }',
      '',
    ])
    expect(renderSetChange(plan, up, []).match(/^delete element/gm)).toHaveLength(7)
    const moved = ports.map((port) => ({ ...port, sftpPort: port.sftpPort + 100 }))
    expect(renderSetChange(plan, ports, moved).split('\n').slice(0, 2)).toEqual([
      'delete element inet ruche sftp4 { 22002 : 10.1.1.2 . 22 }',
      'add element inet ruche sftp4 { 22102 : 10.1.1.2 . 22 }',
    ])
  })

  it('can be read back, and a difference is found', () => {
    const state = {
      rules: 'as loaded',
      elements: new Map(
        planSets(plan, ports).map(({ table, name, elements: rows }) => [
          `${table} ${name}`,
          rows.map((row) => row.replaceAll('"', '')).sort(),
        ]),
      ),
    }
    expect(readPorts(plan, state)).toEqual([
      { n: 2, sftpPort: 22002, up: true },
      { n: 3, sftpPort: 0, up: false },
    ])
    expect(findFirewallProblems(plan, ports, 'as loaded', state)).toEqual([])
    expect(findFirewallProblems(plan, [], 'as loaded', state)).toHaveLength(7)
    expect(findFirewallProblems(plan, ports, 'otherwise', state)).toHaveLength(1)
    expect(findFirewallProblems(plan, ports, 'as loaded', undefined)).toEqual(['the firewall is missing'])
  })
})
