import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VISITOR_IPV4, VM_IPV4, VM_IPV6 } from '../../helpers/outer-network.js'
import { type Driver, type FakeSite, FORBIDDEN, INTERNET, openTestBed, SETTINGS, type TestBed } from './test-bed.js'

let bed: TestBed
let driver: Driver
let two: FakeSite
let three: FakeSite
const [FORBIDDEN_IPV4 = ''] = FORBIDDEN

beforeAll(async () => {
  bed = await openTestBed()
  driver = bed.openDriver()
  await driver.ok({ verb: 'open', settings: SETTINGS })
  two = await bed.openSite()
  three = await bed.openSite()
  await driver.ok({ verb: 'setPorts', ports: [2, 3].map((n) => ({ n, sftpPort: 22000 + n, up: true })) })
  await driver.ok({ verb: 'attach', n: 2, pid: two.pid })
  await driver.ok({ verb: 'attach', n: 3, pid: three.pid })
  const { vm, visitor } = bed.outer
  await bed.listen(vm, '::', 9000)
  await bed.listen(vm, VM_IPV4, 443)
  await bed.listen(three, '::', 80)
  for (const address of [INTERNET.ipv4, INTERNET.ipv6, FORBIDDEN_IPV4]) await bed.listen(visitor, address, 8000)
  await bed.listen(visitor, VISITOR_IPV4, 53)
  // Answers find their way back to a site whose address nobody translates: the machine itself has to hold it.
  for (const [network, via] of [
    ['10.1.1.0/24', VM_IPV4],
    ['fd00:10:1:1::/64', VM_IPV6],
  ] as const)
    expect((await bed.at(visitor, ['ip', 'route', 'replace', network, 'via', via])).code).toBe(0)
})

afterAll(() => bed.close())

const inVm = (...argv: string[]) => bed.at(bed.outer.vm, argv)

const TARGETS: [string, number][] = [
  ['10.1.1.1', 9000],
  [VM_IPV4, 9000],
  [VM_IPV4, 443],
  ['fd00:10:1:1::1', 9000],
  [VM_IPV6, 9000],
  ['10.1.1.3', 80],
  ['fd00:10:1:1::3', 80],
  [INTERNET.ipv4, 8000],
  [INTERNET.ipv6, 8000],
  [FORBIDDEN_IPV4, 8000],
]

describe.each([
  ['all rules are flushed', 'flush ruleset'],
  ['one table is deleted', 'delete table inet ruche'],
  ['the other table is deleted', 'delete table bridge ruche'],
])('NET-14: while %s', (_what, damage) => {
  it('a site reaches nothing: it is closed in, not let out', async () => {
    expect((await inVm('nft', damage)).code).toBe(0)
    const answers = await Promise.all(
      TARGETS.map(async ([address, port]) => [address, port, (await bed.connect(two, address, port, 500)).ok]),
    )
    expect(answers.filter(([, , ok]) => ok)).toEqual([])
    const asked = await Promise.all(
      TARGETS.map(([address, port]) => bed.peer<{ answered: number }>(two, 'ask', address, port, 1, 300)),
    )
    expect(asked.map(({ answered }) => answered)).toEqual(TARGETS.map(() => 0))
    // The machine itself goes on.
    expect(await bed.connect(bed.outer.visitor, VM_IPV4, 9000)).toMatchObject({ ok: true })
    expect(await bed.connect(bed.outer.vm, '127.0.0.1', 9000)).toMatchObject({ ok: true })
    await driver.ok({ verb: 'repair' })
    expect(await driver.ok({ verb: 'check' })).toEqual([])
    expect(await bed.connect(two, INTERNET.ipv4, 8000)).toMatchObject({ ok: true })
    expect(await bed.connect(two, INTERNET.ipv6, 8000)).toMatchObject({ ok: true })
    expect(await bed.peer(two, 'ask', '10.1.1.1', 53, 1)).toMatchObject({ answered: 1 })
  })
})

describe('NET-14: the gate before the routes', () => {
  const rules = async (family: string) => (await inVm('ip', family, 'rule')).stdout
  const GATE = /^0:\s+from all fwmark 0\/0x20000000 iif ruche0 prohibit\n0:\s+from all lookup local\n/

  it.each(['-4', '-6'])('%s: is seen missing and put back, in its place', async (family) => {
    for (const damage of [
      ['rule', 'delete', 'pref', '0', 'iif', 'ruche0'],
      ['rule', 'add', 'pref', '0', 'lookup', 'local', 'fwmark', '0/0'],
    ]) {
      await inVm('ip', family, ...damage)
      await driver.ok({ verb: 'repair' })
      expect(await rules(family)).toMatch(GATE)
    }
    await inVm('ip', family, 'rule', 'delete', 'pref', '0', 'iif', 'ruche0')
    expect((await driver.ok<string[]>({ verb: 'check' })).join()).toContain('routed without the firewall')
    await driver.ok({ verb: 'repair' })
    expect(await driver.ok({ verb: 'check' })).toEqual([])
  })

  it('outlives a flush of the routing rules, and the machine its gate', async () => {
    await inVm('ip', 'rule', 'flush')
    expect(await rules('-4')).toMatch(GATE)
    await inVm('ip', 'rule', 'add', 'pref', '32766', 'lookup', 'main')
    await driver.ok({ verb: 'close' })
    for (const family of ['-4', '-6']) {
      expect(await rules(family)).not.toContain('ruche0')
      expect(await rules(family)).toMatch(/^0:\s+from all lookup local\n32766:/)
    }
    expect(await bed.connect(bed.outer.visitor, VM_IPV4, 9000)).toMatchObject({ ok: true })
  })

  it('stands before the bridge is up', async () => {
    await driver.ok({ verb: 'open', settings: SETTINGS })
    expect(await rules('-4')).toMatch(GATE)
    expect(await rules('-6')).toMatch(GATE)
  })
})
