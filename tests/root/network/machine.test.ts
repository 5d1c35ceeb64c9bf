import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { VISITOR_IPV4, VISITOR_IPV6, VM_IPV4, VM_IPV6 } from '../../helpers/outer-network.js'
import { type Driver, INTERNET, openTestBed, SETTINGS, type TestBed } from './test-bed.js'

let bed: TestBed
let driver: Driver

beforeEach(async () => {
  bed = await openTestBed()
  driver = bed.openDriver()
})

afterEach(() => bed.close())

const inVm = (...argv: string[]) => bed.at(bed.outer.vm, argv)

async function openSite(n: number) {
  const site = await bed.openSite()
  await driver.ok({ verb: 'setPorts', ports: [{ n, sftpPort: 22000 + n, up: true }] })
  await driver.ok({ verb: 'attach', n, pid: site.pid })
  return site
}

describe('machines of other kinds', () => {
  it('without an uplink, everything but the way out works', async () => {
    await driver.ok({ verb: 'open', settings: { ...SETTINGS, uplink: null, publicIpv4: [], publicIpv6: [] } })
    const site = await openSite(2)
    await bed.listen(site, '::', 22)
    await bed.listen(bed.outer.visitor, INTERNET.ipv4, 8000)
    await bed.listen(bed.outer.visitor, VISITOR_IPV4, 53)
    expect(await bed.connect(bed.outer.vm, '127.0.0.1', 22002)).toMatchObject({ ok: true })
    expect(await bed.peer(site, 'ask', '10.1.1.1', 53, 1)).toMatchObject({ answered: 1 })
    expect(await bed.connect(site, INTERNET.ipv4, 8000)).toMatchObject({ ok: false })
    expect(await bed.connect(bed.outer.visitor, VM_IPV4, 22002)).toMatchObject({ ok: false, code: 'ECONNREFUSED' })
    expect(await driver.ok({ verb: 'check' })).toEqual([])
  })

  it('whose public address is not known or lies on somebody else, the address of the uplink serves', async () => {
    await driver.ok({ verb: 'open', settings: { ...SETTINGS, publicIpv4: ['192.0.2.99'], publicIpv6: [] } })
    const site = await openSite(2)
    await bed.listen(site, '0.0.0.0', 22)
    await bed.listen(bed.outer.visitor, INTERNET.ipv4, 8000)
    expect(await bed.connect(site, INTERNET.ipv4, 8000)).toMatchObject({ ok: true, said: VM_IPV4 })
    expect(await bed.connect(bed.outer.visitor, VM_IPV4, 22002)).toMatchObject({ ok: true, said: VISITOR_IPV4 })
  })

  it('NET-4, NET-6: with a routed IPv6 network sends as it is, and lets nobody in but by the front door', async () => {
    const { vm, visitor } = bed.outer
    await driver.ok({ verb: 'open', settings: { ...SETTINGS, ipv6: '2001:db8:77::/64' } })
    const [site, neighbour] = [await openSite(2), await bed.openSite()]
    await driver.ok({ verb: 'setPorts', ports: [2, 3].map((n) => ({ n, sftpPort: 22000 + n, up: true })) })
    await driver.ok({ verb: 'attach', n: 3, pid: neighbour.pid })
    expect((await bed.at(visitor, ['ip', 'route', 'add', '2001:db8:77::/64', 'via', VM_IPV6])).code).toBe(0)
    await bed.listen(visitor, INTERNET.ipv6, 8000)
    // A fresh cable first looks whether its IPv6 addresses are free (RFC 4862 §5.4).
    await expect
      .poll(() => bed.connect(site, INTERNET.ipv6, 8000), { timeout: 10_000 })
      .toMatchObject({ ok: true, said: '2001:db8:77::2' })
    for (const port of [22, 80]) await bed.listen(site, '::', port)
    expect(await bed.connect(vm, '2001:db8:77::2', 80)).toMatchObject({ ok: true })
    expect(await bed.connect(visitor, VM_IPV6, 22002)).toMatchObject({ ok: true, said: VISITOR_IPV6 })
    expect(await bed.connect(visitor, '2001:db8:77::2', 80, 500)).toMatchObject({ ok: false, code: 'TIMEOUT' })
    expect(await bed.connect(visitor, '2001:db8:77::2', 22, 500)).toMatchObject({ ok: false, code: 'TIMEOUT' })
    expect(await bed.connect(neighbour, '2001:db8:77::2', 80)).toMatchObject({ ok: false })
    await bed.peer(visitor, 'ask', '2001:db8:77::b:1', 80, 3, 100)
    expect((await inVm('ip', 'neighbour', 'show', 'dev', 'ruche0')).stdout).not.toContain('::b:1')
  })

  it('NET-9: with another network beside it keeps that one apart', async () => {
    const { vm } = bed.outer
    await driver.ok({ verb: 'open', settings: SETTINGS })
    const site = await openSite(2)
    const other = await bed.openSite()
    await inVm(
      'ip',
      'link',
      'add',
      'name',
      'lan0',
      'type',
      'veth',
      'peer',
      'name',
      'eth0',
      'netns',
      `/proc/${other.pid}/ns/net`,
    )
    await inVm('ip', 'address', 'add', '192.168.50.1/24', 'dev', 'lan0')
    await inVm('ip', 'link', 'set', 'lan0', 'up')
    for (const words of [
      ['link', 'set', 'eth0', 'up'],
      ['address', 'add', '192.168.50.2/24', 'dev', 'eth0'],
      ['route', 'add', 'default', 'via', '192.168.50.1'],
    ])
      expect((await bed.at(other, ['ip', ...words])).code).toBe(0)
    await bed.listen(site, '0.0.0.0', 80)
    await bed.listen(other, '0.0.0.0', 80)
    await bed.listen(vm, '0.0.0.0', 9000)
    await bed.listen(bed.outer.visitor, INTERNET.ipv4, 8000)
    // Who was let to the machine before still is; nobody is routed who was not.
    expect(await bed.connect(other, '192.168.50.1', 9000)).toMatchObject({ ok: true })
    expect(await bed.connect(other, '10.1.1.2', 80, 500)).toMatchObject({ ok: false })
    expect(await bed.connect(other, INTERNET.ipv4, 8000, 500)).toMatchObject({ ok: false })
    expect(await bed.connect(site, '192.168.50.2', 80)).toMatchObject({ ok: false })
    expect(await bed.connect(site, '192.168.50.1', 9000)).toMatchObject({ ok: false })
    expect(await bed.connect(vm, '192.168.50.2', 80)).toMatchObject({ ok: true })
  })

  it('that routes for others already goes on doing so; one that did not, does not begin', async () => {
    const policy = async () =>
      /hook forward[^;]*; policy (\w+)/.exec(
        (await inVm('nft', 'list', 'chain', 'inet', 'ruche', 'forward')).stdout,
      )?.[1]
    await driver.ok({ verb: 'open', settings: SETTINGS })
    expect(await policy()).toBe('drop')
    // A new agent finds forwarding on, but it was ours.
    driver = bed.openDriver()
    await driver.ok({ verb: 'open', settings: SETTINGS })
    expect(await policy()).toBe('drop')
    await driver.ok({ verb: 'close' })
    await inVm('sysctl', '-qw', 'net.ipv4.ip_forward=1')
    await driver.ok({ verb: 'open', settings: SETTINGS })
    expect(await policy()).toBe('accept')
    await driver.ok({ verb: 'close' })
    expect((await inVm('cat', '/proc/sys/net/ipv4/ip_forward')).stdout).toBe('1\n')
  })

  it('that learnt its IPv6 way out from a router keeps it', async () => {
    await driver.ok({ verb: 'open', settings: SETTINGS })
    expect((await inVm('cat', '/proc/sys/net/ipv6/conf/eth0/accept_ra')).stdout).toBe('2\n')
  })

  it('that has IPv6 switched off still has it between itself and the sites', async () => {
    await inVm('sysctl', '-qw', 'net.ipv6.conf.default.disable_ipv6=1')
    await driver.ok({ verb: 'open', settings: SETTINGS })
    const site = await openSite(2)
    await bed.listen(site, '::', 80)
    expect(await bed.connect(bed.outer.vm, 'fd00:10:1:1::2', 80)).toMatchObject({ ok: true })
  })

  it('with a foreign interface of our name is left alone', async () => {
    await inVm('ip', 'link', 'add', 'name', 'ruche0', 'type', 'bridge')
    const { error } = await driver.tell({ verb: 'open', settings: SETTINGS })
    expect(error).toMatchObject({ code: 'conflict', message: expect.stringContaining('ruche0') })
    expect((await inVm('nft', 'list', 'ruleset')).stdout).toBe('')
  })

  it('NET-8: that translates questions of its own elsewhere does not answer the sites there', async () => {
    const { vm, visitor } = bed.outer
    await driver.ok({ verb: 'open', settings: SETTINGS })
    const site = await openSite(2)
    // As a container engine publishes port 53 of a name server of its own, and one with an address of this machine.
    const { code } = await inVm(
      'nft',
      `add table ip theirs; add chain ip theirs pre { type nat hook prerouting priority -101; }; add rule ip theirs pre ip daddr ${VM_IPV4} tcp dport 53 dnat to 10.9.9.9:53; add rule ip theirs pre ip daddr ${INTERNET.ipv4} tcp dport 53 dnat to ${VM_IPV4}:9053`,
    )
    expect(code).toBe(0)
    await bed.listen(visitor, '10.9.9.9', 53)
    await bed.listen(vm, VM_IPV4, 9053)
    expect(await bed.connect(visitor, VM_IPV4, 9053)).toMatchObject({ ok: true })
    expect(await bed.connect(site, VM_IPV4, 53, 500)).toMatchObject({ ok: false })
    expect(await bed.connect(site, INTERNET.ipv4, 53, 500)).toMatchObject({ ok: false })
  })

  it('with another firewall keeps it', async () => {
    await inVm(
      'nft',
      'add table inet theirs; add chain inet theirs input { type filter hook input priority 0; }; add rule inet theirs input counter',
    )
    await driver.ok({ verb: 'open', settings: SETTINGS })
    await driver.ok({ verb: 'repair' })
    await driver.ok({ verb: 'close' })
    expect((await inVm('nft', 'list', 'ruleset')).stdout).toMatch(/table inet theirs/)
  })
})
