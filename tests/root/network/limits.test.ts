import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VISITOR_IPV4, VM_IPV4, VM_IPV6 } from '../../helpers/outer-network.js'
import { type Driver, type FakeSite, INTERNET, openTestBed, SETTINGS, type TestBed } from './test-bed.js'

let bed: TestBed
let driver: Driver
let two: FakeSite
let three: FakeSite

interface Asked {
  answered: number
}

beforeAll(async () => {
  bed = await openTestBed()
  driver = bed.openDriver()
  await driver.ok({ verb: 'open', settings: SETTINGS })
  two = await bed.openSite()
  three = await bed.openSite()
  await driver.ok({ verb: 'setPorts', ports: [2, 3].map((n) => ({ n, sftpPort: 22000 + n, up: true })) })
  await driver.ok({ verb: 'attach', n: 2, pid: two.pid })
  await driver.ok({ verb: 'attach', n: 3, pid: three.pid })
})

afterAll(() => bed.close())

describe('what one site may use up', () => {
  it('NET-11: a flood of questions is cut off, and the neighbour still gets answers', async () => {
    await bed.listen(bed.outer.visitor, VISITOR_IPV4, 53)
    const flood = await bed.peer<Asked>(two, 'ask', '10.1.1.1', 53, 600, 1500)
    // 100 at once, then 50 a second.
    expect(flood.answered).toBeGreaterThanOrEqual(90)
    expect(flood.answered).toBeLessThan(250)
    expect(await bed.peer<Asked>(three, 'ask', '10.1.1.1', 53, 20)).toMatchObject({ answered: 20 })
  })

  it('NET-10: a burst of new connections is slowed down', async () => {
    await bed.listen(bed.outer.visitor, INTERNET.ipv4, 8000)
    const burst = await bed.peer<Asked>(two, 'ask', INTERNET.ipv4, 8000, 600, 1500)
    expect(burst.answered).toBeGreaterThanOrEqual(90)
    expect(burst.answered).toBeLessThan(250)
  })

  it('NET-10: connections to the public sites are counted too', async () => {
    for (const [address, site] of [
      [VM_IPV4, two],
      [VM_IPV6, three],
    ] as const) {
      await bed.listen(bed.outer.vm, address, 80)
      const { said, child } = await bed.startPeer(site, 'hold', address, 80, 600, 600)
      const { connected } = JSON.parse(said) as { connected: number }
      expect(connected, address).toBeGreaterThanOrEqual(90)
      expect(connected, address).toBeLessThan(250)
      child.stdin?.end()
    }
  })

  it('NET-11: at most 50 conversations with the resolver are open', async () => {
    const { said, child } = await bed.startPeer(three, 'hold', '10.1.1.1', 53, 90, 90)
    expect((JSON.parse(said) as { connected: number }).connected).toBeLessThanOrEqual(50)
    child.stdin?.end()
  })

  it('NET-10: at most 500 flows are open, whatever happens to the firewall meanwhile', async () => {
    await bed.listen(bed.outer.visitor, INTERNET.ipv6, 8000)
    const many = bed.peer<Asked>(three, 'ask', INTERNET.ipv6, 8000, 640, 1500, 24)
    // Another site's start or stop must not give everybody a new allowance.
    for (const n of [4, 5, 6]) {
      await new Promise((resolve) => setTimeout(resolve, 2000))
      await driver.ok({
        verb: 'setPorts',
        ports: [2, 3, n].map((each) => ({ n: each, sftpPort: 22000 + each, up: true })),
      })
    }
    const { answered } = await many
    expect(answered).toBeGreaterThan(450)
    expect(answered).toBeLessThanOrEqual(500)
    expect(await bed.peer<Asked>(two, 'ask', INTERNET.ipv4, 8000, 20)).toMatchObject({ answered: 20 })
  })
})

describe('what one visitor may use up', () => {
  it('NET-12: as many connections to the front proxy as are set; others still get theirs', async () => {
    const { vm, visitor } = bed.outer
    await bed.listen(vm, VM_IPV4, 443)
    const { said, child } = await bed.startPeer(visitor, 'hold', VM_IPV4, 443, 150)
    expect(JSON.parse(said)).toEqual({ connected: 100 })
    expect(await bed.connect(visitor, VM_IPV4, 443)).toMatchObject({ ok: false, code: 'ECONNREFUSED' })
    await bed.at(vm, ['ip', 'route', 'replace', `${INTERNET.ipv4}/32`, 'via', VISITOR_IPV4])
    expect(await bed.peer(visitor, 'connect', VM_IPV4, 443, 1000, INTERNET.ipv4)).toMatchObject({ ok: true })
    child.stdin?.end()
  })

  it('NET-12: 30 SFTP connections a minute to one site, over each family, and others to the next site', async () => {
    const { visitor } = bed.outer
    await bed.listen(two, '::', 22)
    await bed.listen(three, '::', 22)
    for (const address of [VM_IPV4, VM_IPV6]) {
      const { said, child } = await bed.startPeer(visitor, 'hold', address, 22002, 40)
      const { connected } = JSON.parse(said) as { connected: number }
      expect(connected, address).toBeGreaterThanOrEqual(20)
      expect(connected, address).toBeLessThanOrEqual(24)
      expect(await bed.connect(visitor, address, 22003), address).toMatchObject({ ok: true })
      child.stdin?.end()
    }
  })
})
