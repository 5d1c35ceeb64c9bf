import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { VM_IPV4, VM_IPV6 } from '../helpers/outer-network.js'
import { type Driver, type FakeSite, INTERNET, openTestBed, SETTINGS, type TestBed } from '../root/network/test-bed.js'

const EACH = 50
const PORTS = [{ n: 2, sftpPort: 22_002, up: true }]
let bed: TestBed
let driver: Driver
let site: FakeSite

beforeAll(async () => {
  bed = await openTestBed()
  driver = bed.openDriver()
  await driver.ok({ verb: 'open', settings: { ...SETTINGS, connectionsPerSource: 2000 } })
  site = await bed.openSite()
  await driver.ok({ verb: 'setPorts', ports: PORTS })
  await driver.ok({ verb: 'attach', n: 2, pid: site.pid, startTime: site.startTime })
  await bed.listen(site, '::', 22)
  await bed.listen(site, '::', 80)
  await bed.listen(bed.outer.vm, VM_IPV6, 443)
  await bed.listen(bed.outer.visitor, INTERNET.ipv4, 8000)
})

afterAll(() => bed.close())

class Crowd {
  private readonly lines: AsyncIterator<string>
  private constructor(private readonly child: ChildProcess) {
    if (child.stdout === null) throw new Error('no output')
    this.lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  }
  static async open(place: string | FakeSite, address: string, port: number): Promise<Crowd> {
    const { said, child } = await bed.startPeer(place, 'many', address, port, EACH)
    expect(JSON.parse(said)).toEqual({ connected: EACH })
    return new Crowd(child)
  }
  async echoed(word: string): Promise<number> {
    this.child.stdin?.write(`${word}\n`)
    return (JSON.parse((await this.lines.next()).value as string) as { echoed: number }).echoed
  }
}

it('NET-13: of 200 open connections none is lost by changes, repairs, a lost firewall that is put back, or a new agent', async () => {
  const { vm, visitor } = bed.outer
  const crowds = [
    await Crowd.open(visitor, VM_IPV6, 443),
    await Crowd.open(vm, '10.1.1.2', 80),
    await Crowd.open(vm, 'fd00:10:1:1::2', 22),
    await Crowd.open(site, INTERNET.ipv4, 8000),
  ]
  const all = async (word: string) =>
    expect(await Promise.all(crowds.map((crowd) => crowd.echoed(word))), word).toEqual(crowds.map(() => EACH))
  await all('before')
  for (let round = 0; round < 10; round += 1) {
    await driver.ok({ verb: 'setPorts', ports: [...PORTS, { n: 4 + round, sftpPort: 22_100 + round, up: true }] })
    await driver.ok({ verb: 'repair' })
    await all(`round ${round}`)
  }
  expect((await bed.at(vm, ['nft', 'flush ruleset'])).code).toBe(0)
  await driver.ok({ verb: 'repair' })
  await all('after a loss')
  await driver.end()
  await all('without an agent')
  driver = bed.openDriver()
  await driver.ok({ verb: 'open', settings: { ...SETTINGS, connectionsPerSource: 2000 } })
  await all('while the new agent knows no site yet')
  await driver.ok({ verb: 'setPorts', ports: PORTS })
  await driver.ok({ verb: 'attach', n: 2, pid: site.pid, startTime: site.startTime })
  await all('after the new agent took over')
  expect(await driver.ok({ verb: 'check' })).toEqual([])
  // The path that is translated twice.
  expect(await bed.connect(visitor, VM_IPV4, 22_002)).toMatchObject({ ok: true })
})
