import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VISITOR_IPV4, VISITOR_IPV6, VM_IPV4, VM_IPV6 } from '../../helpers/outer-network.js'
import { PATIENCE } from '../../helpers/programs.js'
import { type Driver, type FakeSite, FORBIDDEN, INTERNET, openTestBed, SETTINGS, type TestBed } from './test-bed.js'

let bed: TestBed
let driver: Driver
let two: FakeSite
let three: FakeSite

beforeAll(async () => {
  bed = await openTestBed()
  driver = bed.openDriver()
  await driver.ok({ verb: 'open', settings: SETTINGS })
  two = await bed.openSite()
  three = await bed.openSite()
  await driver.ok({
    verb: 'setPorts',
    ports: [
      { n: 2, sftpPort: 22002, up: true },
      { n: 3, sftpPort: 22003, up: true },
      { n: 4, sftpPort: 22004, up: false },
    ],
  })
  await driver.ok({ verb: 'attach', n: 2, pid: two.pid, startTime: two.startTime })
  await driver.ok({ verb: 'attach', n: 3, pid: three.pid })
})

afterAll(() => bed.close())

describe('what a site reaches', () => {
  it('NET-8: asks the resolver at the gateway, over UDP and TCP, IPv4 and IPv6', async () => {
    const { visitor } = bed.outer
    await bed.listen(visitor, VISITOR_IPV4, 53)
    await bed.listen(visitor, VISITOR_IPV6, 53)
    expect(await bed.peer(two, 'ask', '10.1.1.1', 53, 1)).toEqual({ answered: 1, from: VM_IPV4 })
    expect(await bed.peer(two, 'ask', 'fd00:10:1:1::1', 53, 1)).toEqual({ answered: 1, from: VM_IPV6 })
    expect(await bed.connect(two, '10.1.1.1', 53)).toMatchObject({ ok: true, said: VM_IPV4 })
    expect(await bed.connect(two, 'fd00:10:1:1::1', 53)).toMatchObject({ ok: true, said: VM_IPV6 })
  })

  it('NET-7: reaches the outside, 443 and 587 too, where it has the public address', async () => {
    const { visitor } = bed.outer
    await bed.listen(visitor, INTERNET.ipv4, 443)
    await bed.listen(visitor, INTERNET.ipv6, 443)
    await bed.listen(visitor, INTERNET.ipv4, 587)
    expect(await bed.connect(two, INTERNET.ipv4, 443)).toMatchObject({ ok: true, said: VM_IPV4 })
    expect(await bed.connect(three, INTERNET.ipv6, 443)).toMatchObject({ ok: true, said: VM_IPV6 })
    expect(await bed.connect(two, INTERNET.ipv4, 587)).toMatchObject({ ok: true })
    expect(await bed.peer(three, 'ask', INTERNET.ipv4, 443, 1)).toMatchObject({ answered: 1 })
    expect((await bed.frames(two, 'echo', INTERNET.ipv4, '2')).code).toBe(0)
    expect((await bed.frames(two, 'echo', INTERNET.ipv6, '2')).code).toBe(0)
  })

  it('NET-7, NET-9: reaches no private or special address, no mail relay, no Windows share', async () => {
    const { visitor } = bed.outer
    for (const address of FORBIDDEN) {
      await bed.listen(visitor, address, 8000)
      // The address is really there for the machine itself.
      expect(await bed.connect(bed.outer.vm, address, 8000), address).toMatchObject({ ok: true })
      expect(await bed.connect(two, address, 8000), address).toMatchObject({
        ok: false,
        ms: expect.toSatisfy(below(300)),
      })
    }
    for (const port of [25, 465, 445, 139]) {
      await bed.listen(visitor, INTERNET.ipv4, port)
      await bed.listen(visitor, INTERNET.ipv6, port)
      expect(await bed.connect(bed.outer.vm, INTERNET.ipv4, port)).toMatchObject({ ok: true })
      expect(await bed.connect(two, INTERNET.ipv4, port)).toMatchObject({ ok: false, code: 'ECONNREFUSED' })
      expect(await bed.connect(two, INTERNET.ipv6, port)).toMatchObject({ ok: false, code: 'ECONNREFUSED' })
    }
  })

  it('NET-2: never reaches another site', async () => {
    await bed.listen(three, '0.0.0.0', 80)
    await bed.listen(three, '::', 81)
    expect(await bed.connect(bed.outer.vm, '10.1.1.3', 80)).toMatchObject({ ok: true, said: '10.1.1.1' })
    expect(await bed.connect(bed.outer.vm, 'fd00:10:1:1::3', 81)).toMatchObject({ ok: true, said: 'fd00:10:1:1::1' })
    expect(await bed.connect(two, '10.1.1.3', 80)).toMatchObject({ ok: false, ms: expect.toSatisfy(below(300)) })
    expect(await bed.connect(two, 'fd00:10:1:1::3', 81)).toMatchObject({ ok: false, ms: expect.toSatisfy(below(300)) })
    // Through the port redirections of the public address neither.
    expect(await bed.connect(two, VM_IPV4, 22003)).toMatchObject({ ok: false })
    expect(await bed.connect(two, VM_IPV6, 22003)).toMatchObject({ ok: false })
    // By link-local addresses that both give themselves: the strongest a site could do if it could set any.
    for (const [site, tail] of [
      [two, '2'],
      [three, '3'],
    ] as const)
      await bed.at(site, ['ip', 'address', 'add', `fe80::${tail}/64`, 'dev', 'eth0', 'nodad'])
    await bed.listen(three, 'fe80::3%eth0', 82)
    expect(await bed.connect(two, 'fe80::3%eth0', 82)).toMatchObject({ ok: false })
    for (const [site, tail] of [
      [two, '2'],
      [three, '3'],
    ] as const)
      await bed.at(site, ['ip', 'address', 'delete', `fe80::${tail}/64`, 'dev', 'eth0'])
  })

  it("NET-8: reaches no service of the machine but the public sites' ports", async () => {
    const { vm, visitor } = bed.outer
    await bed.listen(vm, '::', 9000)
    await bed.listen(vm, VM_IPV4, 80)
    await bed.listen(vm, VM_IPV6, 443)
    for (const address of ['10.1.1.1', VM_IPV4, 'fd00:10:1:1::1', VM_IPV6]) {
      expect(await bed.connect(two, address, 9000), address).toMatchObject({
        ok: false,
        ms: expect.toSatisfy(below(300)),
      })
      expect(await bed.peer(two, 'ask', address, 9000, 1, 300), address).toMatchObject({ answered: 0 })
    }
    expect(await bed.connect(two, VM_IPV4, 80)).toMatchObject({ ok: true, said: '10.1.1.2' })
    expect(await bed.connect(two, VM_IPV6, 443)).toMatchObject({ ok: true, said: 'fd00:10:1:1::2' })
    // Everybody else reaches what the administrator runs.
    expect(await bed.connect(visitor, VM_IPV4, 9000)).toMatchObject({ ok: true })
    expect(await bed.connect(visitor, VM_IPV6, 9000)).toMatchObject({ ok: true })
    expect(await bed.connect(vm, '127.0.0.1', 9000)).toMatchObject({ ok: true })
  })
})

describe('how a site is reached', () => {
  it('by SFTP from outside, with the true source, over IPv4 and IPv6', async () => {
    await bed.listen(two, '::', 22)
    const { visitor } = bed.outer
    expect(await bed.connect(visitor, VM_IPV4, 22002)).toMatchObject({ ok: true, said: `::ffff:${VISITOR_IPV4}` })
    expect(await bed.connect(visitor, VM_IPV6, 22002)).toMatchObject({ ok: true, said: VISITOR_IPV6 })
    expect(await bed.connect(visitor, VM_IPV4, 22004)).toMatchObject({ ok: false, code: 'ECONNREFUSED' })
  })

  it('by SFTP from the machine itself: loopback and public addresses', async () => {
    const { vm } = bed.outer
    expect(await bed.connect(vm, '127.0.0.1', 22002)).toMatchObject({ ok: true, said: '::ffff:10.1.1.1' })
    expect(await bed.connect(vm, VM_IPV4, 22002)).toMatchObject({ ok: true })
    expect(await bed.connect(vm, VM_IPV6, 22002)).toMatchObject({ ok: true })
    expect(await bed.connect(vm, '127.0.0.1', 22004)).toMatchObject({ ok: false, code: 'ECONNREFUSED' })
  })

  it('NET-4: not otherwise from outside, by whoever routes their network at us', async () => {
    const { visitor } = bed.outer
    for (const [network, via] of [
      ['10.1.1.0/24', VM_IPV4],
      ['fd00:10:1:1::/64', VM_IPV6],
    ] as const)
      expect((await bed.at(visitor, ['ip', 'route', 'replace', network, 'via', via])).code).toBe(0)
    expect(await bed.connect(visitor, '10.1.1.3', 80, 500)).toMatchObject({ ok: false, code: 'TIMEOUT' })
    expect(await bed.connect(visitor, 'fd00:10:1:1::3', 81, 500)).toMatchObject({ ok: false, code: 'TIMEOUT' })
    expect(await bed.connect(visitor, '10.1.1.1', 9000, 500)).toMatchObject({ ok: false, code: 'TIMEOUT' })
  })

  it('refuses at once when it is not up', async () => {
    const { vm } = bed.outer
    for (const address of ['10.1.1.4', '10.1.1.77', 'fd00:10:1:1::4', 'fd00:10:1:1::4d']) {
      const tries = [await bed.connect(vm, address, 80), await bed.connect(vm, address, 80)]
      for (const answer of tries) expect(answer, address).toMatchObject({ ok: false, code: 'ECONNREFUSED' })
      // The better of two: the machine may be busy with something else.
      expect(Math.min(...tries.map(({ ms }) => ms)), address).toBeLessThan(50 * PATIENCE)
    }
  })
})

function below(limit: number): (value: number) => boolean {
  return (value) => value < limit
}
