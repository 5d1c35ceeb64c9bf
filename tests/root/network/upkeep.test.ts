import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VM_IPV4, VM_IPV6 } from '../../helpers/outer-network.js'
import { type Driver, type FakeSite, INTERNET, openTestBed, SETTINGS, type TestBed } from './test-bed.js'

let bed: TestBed
let driver: Driver
let two: FakeSite
const PORTS = [
  { n: 2, sftpPort: 22002, up: true },
  { n: 3, sftpPort: 22003, up: false },
]

beforeAll(async () => {
  bed = await openTestBed()
  driver = bed.openDriver()
  await driver.ok({ verb: 'open', settings: SETTINGS })
  two = await bed.openSite()
  await driver.ok({ verb: 'setPorts', ports: PORTS })
  await driver.ok({ verb: 'attach', n: 2, pid: two.pid, startTime: two.startTime })
  await bed.listen(two, '::', 22)
  await bed.listen(bed.outer.visitor, INTERNET.ipv4, 8000)
})

afterAll(() => bed.close())

const inVm = (...argv: string[]) => bed.at(bed.outer.vm, argv)
const wrongs = () => driver.ok<string[]>({ verb: 'check' })

/** A connection that stays, over which words are sent and come back. */
class Talk {
  private readonly lines: AsyncIterator<string>
  private constructor(private readonly child: ChildProcess) {
    if (child.stdout === null) throw new Error('no output')
    this.lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  }
  static async open(...to: Parameters<TestBed['startPeer']>): Promise<Talk> {
    const { said, child } = await bed.startPeer(...to)
    expect(said).toBe('"connected"')
    return new Talk(child)
  }
  async echoes(word: string): Promise<boolean> {
    this.child.stdin?.write(word)
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, 3000, undefined))
    const line = await Promise.race([this.lines.next(), late])
    return line !== undefined && line.value === JSON.stringify(word)
  }
  end(): void {
    this.child.stdin?.end()
  }
}

describe('open connections', () => {
  it('NET-13: live through changes, repairs and a new agent', async () => {
    const inwards = await Talk.open(bed.outer.visitor, 'talk', VM_IPV4, 22002)
    const outwards = await Talk.open(two, 'talk', INTERNET.ipv4, 8000)
    const both = async (word: string) =>
      expect([await inwards.echoes(word), await outwards.echoes(word)]).toEqual([true, true])
    await both('before')
    const bursts = Array.from({ length: 30 }, (_, at) =>
      driver.tell({ verb: 'setPorts', ports: [...PORTS, { n: 4 + at, sftpPort: 23000 + at, up: true }] }),
    )
    await Promise.all(bursts)
    await both('after thirty changes')
    await driver.ok({ verb: 'repair' })
    await both('after a repair')
    await driver.end()
    driver = bed.openDriver()
    await driver.ok({ verb: 'open', settings: SETTINGS })
    await both('while the new agent knows no site yet')
    await driver.ok({ verb: 'setPorts', ports: PORTS })
    await driver.ok({ verb: 'attach', n: 2, pid: two.pid, startTime: two.startTime })
    await both('after the new agent took over')
    expect(await wrongs()).toEqual([])
    for (const talk of [inwards, outwards]) talk.end()
  })

  it('CRA-7, NET-2: are forgotten with the address: its next owner inherits none', async () => {
    const site = await bed.openSite()
    await driver.ok({ verb: 'setPorts', ports: [...PORTS, { n: 9, sftpPort: 22009, up: true }] })
    await driver.ok({ verb: 'attach', n: 9, pid: site.pid })
    await bed.listen(site, '::', 22)
    const tracked = async () => {
      const lists = await Promise.all(['ipv4', 'ipv6'].map((family) => inVm('conntrack', '-L', '-f', family)))
      return lists
        .flatMap(({ stdout }) => stdout.split('\n'))
        .filter((line) => /=(10\.1\.1\.9|fd00:10:1:1::9) /.test(line))
    }
    const talks = [
      await Talk.open(bed.outer.visitor, 'talk', VM_IPV4, 22009),
      await Talk.open(bed.outer.visitor, 'talk', VM_IPV6, 22009),
      await Talk.open(site, 'talk', INTERNET.ipv4, 8000),
      await Talk.open(bed.outer.vm, 'talk', '10.1.1.9', 22),
    ]
    expect((await tracked()).length).toBe(4)
    await site.end()
    await driver.ok({ verb: 'setPorts', ports: PORTS })
    await driver.ok({ verb: 'detach', n: 9 })
    await driver.ok({ verb: 'forget', n: 9 })
    expect(await tracked()).toEqual([])
    expect((await inVm('ip', 'neighbour', 'show', 'dev', 'ruche0')).stdout).not.toMatch(/10\.1\.1\.9 |::9 /)
    expect((await inVm('ip', 'link', 'show', 'rv9')).code).not.toBe(0)
    await driver.ok({ verb: 'detach', n: 9 })
    for (const talk of talks) talk.end()
  })
})

describe('damage by hand', () => {
  const nft = (text: string) => ['nft', text]
  const damages: [string, string[], RegExp][] = [
    ['a table deleted', nft('delete table inet ruche'), /firewall is missing/],
    ['the other table deleted', nft('delete table bridge ruche'), /firewall is missing/],
    ['everything flushed', nft('flush ruleset'), /firewall is missing/],
    ['a chain emptied', nft('flush chain inet ruche egress'), /rules of the firewall/],
    ['a rule added', nft('insert rule inet ruche input accept'), /rules of the firewall/],
    ['a site taken out of a set', nft('delete element bridge ruche v4 { "rv2" . 10.1.1.2 }'), /set v4/],
    ['a redirection added', nft('add element inet ruche sftp4 { 4444 : 10.1.1.2 . 3306 }'), /set sftp4/],
    ['the bridge down', ['ip', 'link', 'set', 'ruche0', 'down'], /ruche0 is down/],
    ['the address gone', ['ip', 'address', 'delete', '10.1.1.1/24', 'dev', 'ruche0'], /lacks 10\.1\.1\.1/],
    [
      'the IPv6 address gone',
      ['ip', 'address', 'delete', 'fd00:10:1:1::1/64', 'dev', 'ruche0'],
      /lacks fd00:10:1:1::1/,
    ],
    ['the bridge deleted', ['ip', 'link', 'delete', 'ruche0'], /bridge ruche0 is missing/],
    ['the cable deleted', ['ip', 'link', 'delete', 'rv2'], /cable rv2 is missing/],
    ['the cable unplugged', ['ip', 'link', 'set', 'rv2', 'nomaster'], /rv2 is not on the bridge/],
    ['the cable down', ['ip', 'link', 'set', 'rv2', 'down'], /cable rv2 is down/],
    ['a port that learns', ['bridge', 'link', 'set', 'dev', 'rv2', 'learning', 'on'], /learning of rv2/],
    ['a port that is not isolated', ['bridge', 'link', 'set', 'dev', 'rv2', 'isolated', 'off'], /isolated of rv2/],
    ['a neighbour forgotten', ['ip', 'neighbour', 'delete', '10.1.1.2', 'dev', 'ruche0'], /neighbour 10\.1\.1\.2/],
    [
      'a MAC forgotten',
      ['bridge', 'fdb', 'delete', '02:00:0a:01:01:02', 'dev', 'rv2', 'master'],
      /does not know 02:00:0a:01:01:02/,
    ],
    ['no more forwarding', ['sysctl', '-qw', 'net.ipv4.ip_forward=0'], /net\.ipv4\.ip_forward is not 1/],
  ]
  it.each(damages)('NET-14, CRA-15: %s is seen and mended', async (_what, argv, message) => {
    expect((await inVm(...argv)).code).toBe(0)
    expect((await wrongs()).join('\n')).toMatch(message)
    await driver.ok({ verb: 'repair' })
    expect(await wrongs()).toEqual([])
    expect(await bed.connect(two, INTERNET.ipv4, 8000)).toMatchObject({ ok: true })
    expect(await bed.connect(bed.outer.vm, 'fd00:10:1:1::2', 22)).toMatchObject({ ok: true })
  })

  it.each([
    ['a neighbour', 'neighbour add 10.1.1.77 lladdr 02:00:0a:01:01:4d dev ruche0 nud permanent', /10\.1\.1\.77 /],
    [
      'a neighbour over IPv6',
      'neighbour add fd00:10:1:1::4e lladdr 02:00:0a:01:01:4e dev ruche0 nud permanent',
      /\.78 /,
    ],
    ['a cable', 'link add name rv79 type veth peer name rv79-end', /10\.1\.1\.79 /],
  ])('CRA-7: %s that somebody left who is gone is seen and taken away', async (_what, line, message) => {
    expect((await inVm('ip', ...line.split(' '))).code).toBe(0)
    expect((await wrongs()).join('\n')).toMatch(message)
    await driver.ok({ verb: 'repair' })
    expect(await wrongs()).toEqual([])
  })

  it.each([
    ['nobody is up', PORTS.map((port) => ({ ...port, up: false }))],
    ['there is nobody', []],
  ])('nothing is wrong where %s', async (_what, ports) => {
    await driver.ok({ verb: 'setPorts', ports })
    expect(await wrongs()).toEqual([])
    await driver.ok({ verb: 'setPorts', ports: PORTS })
  })

  it.each([
    ['taken away', 'flush ruleset'],
    ['with an element gone', 'delete element inet ruche up4 { 10.1.1.2 }'],
    ['with a redirection bent', 'add element inet ruche sftp4 { 22003 : 10.1.1.2 . 3306 }'],
  ])('NET-14: a firewall %s is put right by the next change that meets it', async (_what, damage) => {
    await inVm('nft', damage)
    await driver.ok({ verb: 'setPorts', ports: PORTS.map((port) => ({ ...port, up: !port.up })) })
    await driver.ok({ verb: 'setPorts', ports: PORTS })
    expect(await wrongs()).toEqual([])
  })
})

describe('the sets', () => {
  it('follow containers that change places', async () => {
    const [one, other] = [50, 51].map((n) => ({ n, sftpPort: 22000 + n, up: true }))
    if (one === undefined || other === undefined) throw new Error('two')
    const swapped = [
      { ...one, sftpPort: other.sftpPort },
      { ...other, sftpPort: one.sftpPort },
    ]
    for (const pair of [[one, other], swapped, [one], [other], []]) {
      await driver.ok({ verb: 'setPorts', ports: [...PORTS, ...pair] })
      expect(await wrongs()).toEqual([])
    }
  })
})

describe('connecting', () => {
  it('refuses a process that is not the container any more, and the machine itself', async () => {
    const wrong = { verb: 'attach', n: 20, pid: two.pid, startTime: two.startTime + 1 } as const
    expect((await driver.tell(wrong)).error).toMatchObject({ code: 'not_found' })
    expect((await driver.tell({ verb: 'attach', n: 20, pid: driver.pid })).error).toMatchObject({ code: 'internal' })
    expect((await driver.tell({ verb: 'attach', n: 1, pid: two.pid })).error).toMatchObject({ code: 'invalid' })
    expect((await inVm('ip', 'link', 'show', 'rv20')).code).not.toBe(0)
  })

  it('leaves no half cable when something is in the way', async () => {
    const site = await bed.openSite()
    await bed.at(site, ['ip', 'link', 'add', 'name', 'eth0', 'type', 'bridge'])
    expect((await driver.tell({ verb: 'attach', n: 21, pid: site.pid })).error).toMatchObject({ code: 'host_failed' })
    expect((await inVm('ip', 'link', 'show', 'rv21')).code).not.toBe(0)
    await site.end()
  })

  it('gives a number to the next container the moment the last one died', async () => {
    await driver.ok({ verb: 'setPorts', ports: [...PORTS, { n: 30, sftpPort: 22030, up: true }] })
    for (let round = 0; round < 5; round += 1) {
      const site = await bed.openSite()
      await driver.ok({ verb: 'attach', n: 30, pid: site.pid, startTime: site.startTime })
      expect(await bed.connect(site, '10.1.1.1', 1)).toMatchObject({ code: 'ECONNREFUSED' })
      await site.end()
    }
    await driver.ok({ verb: 'detach', n: 30 })
  })

  it('connects many at once', async () => {
    const sites = await Promise.all(Array.from({ length: 10 }, () => bed.openSite()))
    const ports = sites.map((_, at) => ({ n: 40 + at, sftpPort: 22040 + at, up: true }))
    await Promise.all([
      driver.ok({ verb: 'setPorts', ports: [...PORTS, ...ports] }),
      ...sites.map((site, at) => driver.ok({ verb: 'attach', n: 40 + at, pid: site.pid })),
    ])
    expect(await wrongs()).toEqual([])
    const reached = await Promise.all(sites.map((site) => bed.connect(site, INTERNET.ipv4, 8000)))
    expect(reached.filter(({ ok }) => ok).length).toBe(10)
    await Promise.all(sites.map((site) => site.end()))
    await Promise.all(sites.map((_, at) => driver.ok({ verb: 'detach', n: 40 + at })))
    await driver.ok({ verb: 'setPorts', ports: PORTS })
  })
})

describe('the end', () => {
  it('leaves the machine as it was', async () => {
    await driver.ok({ verb: 'close' })
    expect((await inVm('nft', 'list', 'ruleset')).stdout).toBe('')
    expect((await inVm('ip', '-brief', 'link')).stdout).not.toMatch(/ruche0|rv\d/)
    expect((await inVm('cat', '/proc/sys/net/ipv4/ip_forward')).stdout).toBe('0\n')
    expect((await inVm('cat', '/proc/sys/net/ipv6/conf/all/forwarding')).stdout).toBe('0\n')
  })
})
