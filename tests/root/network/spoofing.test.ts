import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VISITOR_IPV4, VISITOR_IPV6, VM_IPV4, VM_IPV6 } from '../../helpers/outer-network.js'
import { PATIENCE, until } from '../../helpers/programs.js'
import {
  arp,
  frame,
  icmp,
  icmp6,
  ipv4,
  ipv6,
  MAC,
  neighbourAdvertisement,
  routerAdvertisement,
  udp,
  udp6,
} from './packets.js'
import { type Driver, type FakeSite, INTERNET, openTestBed, SETTINGS, type TestBed } from './test-bed.js'

const TWO_IPV6 = 'fd00:10:1:1::2'
const THREE_IPV6 = 'fd00:10:1:1::3'
const GATEWAY_IPV6 = 'fd00:10:1:1::1'
const out = { to: MAC.gateway, from: MAC.two }
const neighbour = { to: MAC.three, from: MAC.two }
const all = { to: MAC.everybody, from: MAC.two }
const allNodes = { to: MAC.allNodes, from: MAC.two }

/** What a site with raw sockets (it has none) could try. */
const BATTERY: Record<string, string> = {
  'ARP question to all': arp(all, 1, MAC.two, '10.1.1.2', '00:00:00:00:00:00', '10.1.1.3'),
  'ARP answer: I am the gateway': arp(all, 2, MAC.two, '10.1.1.1', MAC.everybody, '10.1.1.1'),
  'ARP answer to the neighbour': arp(neighbour, 2, MAC.two, '10.1.1.1', MAC.three, '10.1.1.3'),
  'ARP answer to the gateway: I am the neighbour': arp(out, 2, MAC.two, '10.1.1.3', MAC.gateway, '10.1.1.1'),
  "the neighbour's MAC": ipv4({ to: MAC.gateway, from: MAC.three }, '10.1.1.3', INTERNET.ipv4, 17, udp(4000, 8000)),
  "the neighbour's MAC with the own address": ipv4(
    { to: MAC.gateway, from: MAC.three },
    '10.1.1.2',
    INTERNET.ipv4,
    17,
    udp(4000, 8000),
  ),
  "the neighbour's address": ipv4(out, '10.1.1.3', INTERNET.ipv4, 17, udp(4000, 8000)),
  "the gateway's address": ipv4(out, '10.1.1.1', INTERNET.ipv4, 17, udp(4000, 8000)),
  "the machine's public address": ipv4(out, VM_IPV4, INTERNET.ipv4, 17, udp(4000, 8000)),
  'a loopback address': ipv4(out, '127.0.0.1', '10.1.1.1', 17, udp(4000, 53)),
  "a stranger's address": ipv4(out, '8.8.8.8', INTERNET.ipv4, 17, udp(4000, 8000)),
  "the neighbour's IPv6 address": ipv6(out, THREE_IPV6, INTERNET.ipv6, 17, udp6(THREE_IPV6, INTERNET.ipv6, 4000, 8000)),
  'a link-local address': ipv6(out, 'fe80::2', GATEWAY_IPV6, 17, udp6('fe80::2', GATEWAY_IPV6, 4000, 53)),
  'straight to the neighbour': ipv4(neighbour, '10.1.1.2', '10.1.1.3', 17, udp(4000, 80)),
  'straight to the neighbour, IPv6': ipv6(neighbour, TWO_IPV6, THREE_IPV6, 17, udp6(TWO_IPV6, THREE_IPV6, 4000, 80)),
  'router advertisement to all': ipv6(allNodes, 'fe80::2', 'ff02::1', 58, routerAdvertisement('fe80::2', 'ff02::1')),
  'router advertisement to the gateway': ipv6(
    out,
    TWO_IPV6,
    GATEWAY_IPV6,
    58,
    routerAdvertisement(TWO_IPV6, GATEWAY_IPV6),
  ),
  'router advertisement behind an extension header': ipv6(
    out,
    TWO_IPV6,
    GATEWAY_IPV6,
    60,
    Buffer.concat([Buffer.from([58, 0, 1, 4, 0, 0, 0, 0]), routerAdvertisement(TWO_IPV6, GATEWAY_IPV6)]),
  ),
  'neighbour advertisement to all': neighbourAdvertisement(allNodes, TWO_IPV6, 'ff02::1', GATEWAY_IPV6, MAC.two),
  'neighbour advertisement to the gateway': neighbourAdvertisement(out, TWO_IPV6, GATEWAY_IPV6, THREE_IPV6, MAC.two),
  'multicast listener report': ipv6(
    allNodes,
    TWO_IPV6,
    'ff02::16',
    58,
    icmp6(TWO_IPV6, 'ff02::16', 143, Buffer.alloc(4)),
    1,
  ),
  'DHCP offer': ipv4(all, '10.1.1.2', '255.255.255.255', 17, udp(67, 68)),
  'DHCP offer to the gateway': ipv4(out, '10.1.1.2', '10.1.1.1', 17, udp(67, 68)),
  'DHCPv6 answer to the gateway': ipv6(out, TWO_IPV6, GATEWAY_IPV6, 17, udp6(TWO_IPV6, GATEWAY_IPV6, 547, 546)),
  LLDP: frame({ to: '01:80:c2:00:00:0e', from: MAC.two }, 0x88cc, Buffer.from('0207040200000000', 'hex')),
  'spanning tree': frame(
    { to: '01:80:c2:00:00:00', from: MAC.two },
    0x0026,
    Buffer.concat([Buffer.from('424203', 'hex'), Buffer.alloc(40)]),
  ),
  VLAN: frame(out, 0x8100, Buffer.concat([Buffer.from('00010800', 'hex'), Buffer.alloc(40)])),
  'redirect to the neighbour': ipv4(neighbour, '10.1.1.1', '10.1.1.3', 1, icmp(5, 1, Buffer.alloc(36))),
  'source route': ipv4(out, '10.1.1.2', INTERNET.ipv4, 17, udp(4000, 8000), Buffer.from([0x83, 7, 4, 10, 1, 1, 3, 0])),
  multicast: ipv4({ to: '01:00:5e:00:00:fb', from: MAC.two }, '10.1.1.2', '224.0.0.251', 17, udp(5353, 5353)),
  broadcast: ipv4(all, '10.1.1.2', '10.1.1.255', 17, udp(4000, 137)),
}

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
  const ports = [2, 3].map((n) => ({ n, sftpPort: 22000 + n, up: true }))
  await driver.ok({ verb: 'setPorts', ports })
  await driver.ok({ verb: 'attach', n: 2, pid: two.pid })
  await driver.ok({ verb: 'attach', n: 3, pid: three.pid })
  await fixOuterNeighbours()
  const isSilent = async () => (await bed.countFrames(bed.outer.visitor, 'eth0', async () => undefined)).count === 0
  await until('the outer cable is silent', isSilent)
})

afterAll(() => bed.close())

// The outer cable must be silent by itself: whatever is counted there came from a site.
async function fixOuterNeighbours(): Promise<void> {
  const { vm, visitor } = bed.outer
  // Without a link-local address it does not look for routers either.
  for (const place of [vm, visitor]) {
    await bed.at(place, ['ip', 'link', 'set', 'dev', 'eth0', 'addrgenmode', 'none'])
    await bed.at(place, ['ip', '-6', 'address', 'flush', 'dev', 'eth0', 'scope', 'link'])
  }
  for (const [place, other, addresses] of [
    [vm, visitor, [VISITOR_IPV4, VISITOR_IPV6]],
    [visitor, vm, [VM_IPV4, VM_IPV6]],
  ] as const)
    for (const address of addresses)
      await bed.at(place, [
        'ip',
        'neighbour',
        'replace',
        address,
        'lladdr',
        await macOf(other),
        'dev',
        'eth0',
        'nud',
        'permanent',
      ])
}

async function macOf(place: string): Promise<string> {
  const { stdout } = await bed.at(place, ['ip', '-json', 'link', 'show', 'eth0'])
  return (JSON.parse(stdout) as { address: string }[])[0]?.address ?? ''
}

async function counter(table: string, name: string): Promise<number> {
  const { stdout } = await bed.at(bed.outer.vm, ['nft', '-j', 'list', 'counter', ...table.split(' '), name])
  return Number(/"packets": (\d+)/.exec(stdout)?.[1] ?? Number.NaN)
}

const bridgeDrops = async () =>
  (await Promise.all(['spoofed_mac', 'spoofed_ip', 'other'].map((name) => counter('bridge ruche', name)))).reduce(
    (a, b) => a + b,
  )

describe('a site that forges frames', () => {
  it('is heard when it is honest: the counting works', async () => {
    const honest = ipv4(out, '10.1.1.2', INTERNET.ipv4, 17, udp(4000, 8000))
    const { count } = await bed.countFrames(bed.outer.visitor, 'eth0', () => bed.frames(two, 'send', 'eth0', honest))
    expect(count).toBeGreaterThanOrEqual(1)
    const toThree = () => bed.peer(bed.outer.vm, 'ask', '10.1.1.3', 7, 1, 100 * PATIENCE)
    expect((await bed.countFrames(three, 'eth0', toThree)).count).toBeGreaterThan(0)
  })

  it('NET-1, NET-3: reaches nobody: not the neighbour, not the machine, not the outside', async () => {
    const before = await bridgeDrops()
    const send = () => bed.frames(two, 'send', 'eth0', ...Object.values(BATTERY))
    const seen = await Promise.all([
      bed.countFrames(three, 'eth0', send),
      bed.countFrames(bed.outer.vm, 'ruche0', async () => undefined),
      bed.countFrames(bed.outer.visitor, 'eth0', async () => undefined),
    ])
    expect(seen.map(({ count, seen }) => ({ count, seen }))).toEqual(
      Array.from({ length: 3 }, () => ({ count: 0, seen: '' })),
    )
    // Frames to the link-local bridge group (LLDP, spanning tree) end in the bridge itself, before any rule.
    expect((await bridgeDrops()) - before).toBeGreaterThanOrEqual(Object.keys(BATTERY).length - 2)
  })

  it("NET-8: cannot speak to what listens on the machine's loopback address only", async () => {
    await bed.listen(bed.outer.vm, '127.0.0.1', 8125)
    const before = await counter('inet ruche', 'pretended')
    await bed.frames(two, 'send', 'eth0', ipv4(out, '10.1.1.2', '127.0.0.1', 17, udp(4000, 8125)))
    expect(await counter('inet ruche', 'pretended')).toBe(before + 1)
  })

  it('NET-3: changes no neighbour entry of the machine', async () => {
    const { stdout } = await bed.at(bed.outer.vm, ['ip', '-json', 'neighbour', 'show', 'dev', 'ruche0'])
    const rows = JSON.parse(stdout) as { dst: string; lladdr: string; state: string[] }[]
    expect(Object.fromEntries(rows.filter((row) => row.dst.endsWith('3')).map((row) => [row.dst, row.lladdr]))).toEqual(
      {
        '10.1.1.3': MAC.three,
        [THREE_IPV6]: MAC.three,
      },
    )
  })
})

/** Packets that are honest about where they come from, and want to go where they must not. */
const THROUGH_THE_GATEWAY: Record<string, string> = Object.fromEntries([
  ...['10.1.1.3', '10.1.1.255', '255.255.255.255', '224.0.0.251', '240.0.0.1', '0.0.0.0', '192.168.77.1'].flatMap(
    (to) => [
      [`UDP to ${to}`, ipv4(out, '10.1.1.2', to, 17, udp(4000, 80))],
      [`ping to ${to}`, ipv4(out, '10.1.1.2', to, 1, icmp(8, 0, Buffer.from([0, 1, 0, 1])))],
      [`SCTP to ${to}`, ipv4(out, '10.1.1.2', to, 132, Buffer.alloc(12))],
      [`first fragment to ${to}`, fragment(ipv4(out, '10.1.1.2', to, 17, udp(4000, 80)))],
    ],
  ),
  ...[THREE_IPV6, 'ff02::1', 'ff05::1', 'fe80::3', 'fd77::1', '::1', 'fec0::1', '2002:0a09:0909::1'].flatMap((to) => [
    [`UDP to ${to}`, ipv6(out, TWO_IPV6, to, 17, udp6(TWO_IPV6, to, 4000, 80))],
    [`ping to ${to}`, ipv6(out, TWO_IPV6, to, 58, icmp6(TWO_IPV6, to, 128, Buffer.from([0, 1, 0, 1])))],
    [
      `hop-by-hop, then UDP to ${to}`,
      ipv6(out, TWO_IPV6, to, 0, Buffer.concat([Buffer.from([17, 0, 1, 4, 0, 0, 0, 0]), udp6(TWO_IPV6, to, 4000, 80)])),
    ],
    [
      `fragmented UDP to ${to}`,
      ipv6(
        out,
        TWO_IPV6,
        to,
        44,
        Buffer.concat([Buffer.from([17, 0, 0, 1, 0, 0, 0, 9]), udp6(TWO_IPV6, to, 4000, 80)]),
      ),
    ],
  ]),
  [
    'a route by way of the gateway',
    ipv6(
      out,
      TWO_IPV6,
      GATEWAY_IPV6,
      43,
      Buffer.concat([routingHeader(THREE_IPV6), udp6(TWO_IPV6, THREE_IPV6, 4000, 80)]),
    ),
  ],
  ...[2, 4, 33, 41, 47, 50, 51, 112, 136].map((protocol) => [
    `protocol ${protocol}`,
    ipv4(out, '10.1.1.2', INTERNET.ipv4, protocol, Buffer.alloc(24)),
  ]),
  ...[5, 9, 13, 17].map((type) => [
    `ICMP of type ${type}`,
    ipv4(out, '10.1.1.2', INTERNET.ipv4, 1, icmp(type, 0, Buffer.alloc(16))),
  ]),
])

/** More fragments follow. */
function fragment(hex: string): string {
  return `${hex.slice(0, 40)}2000${hex.slice(44)}`
}

/** Type 0 (RFC 5095), with one more address to go to. */
function routingHeader(address: string): Buffer {
  const [, tail = ''] = ipv6(out, address, address, 59, Buffer.alloc(0)).split('86dd')
  return Buffer.concat([Buffer.from([17, 2, 0, 1, 0, 0, 0, 0]), Buffer.from(tail, 'hex').subarray(8, 24)])
}

describe('a site that is honest and curious', () => {
  it('NET-2, NET-9: reaches neither its neighbour nor a special address, whatever the protocol, fragment or extension', async () => {
    const send = () => bed.frames(two, 'send', 'eth0', ...Object.values(THROUGH_THE_GATEWAY))
    const seen = await Promise.all([
      bed.countFrames(three, 'eth0', send),
      bed.countFrames(bed.outer.visitor, 'eth0', async () => undefined),
    ])
    expect(seen).toEqual(Array.from({ length: 2 }, () => ({ count: 0, seen: '' })))
  })

  it("NET-2: cannot end or slow its neighbour's connections by errors about them", async () => {
    await bed.listen(bed.outer.visitor, INTERNET.ipv4, 8000)
    const { said, child } = await bed.startPeer(three, 'talk', INTERNET.ipv4, 8000)
    expect(said).toBe('"connected"')
    const tracked = await bed.at(bed.outer.vm, ['conntrack', '-L', '-s', '10.1.1.3', '-p', 'tcp'])
    const port = Number(/dport=8000 .*dport=(\d+)/.exec(tracked.stdout)?.[1])
    expect(port).toBeGreaterThan(0)
    // As the neighbour's connection looks outside: its packets come from the public address.
    const about = Buffer.from(ipv4(out, VM_IPV4, INTERNET.ipv4, 6, Buffer.alloc(8)).slice(28), 'hex')
    about.writeUInt16BE(port, 20)
    about.writeUInt16BE(8000, 22)
    const errors = [
      [3, 1],
      [3, 4],
      [11, 0],
      [12, 0],
    ].map(([type = 0, code = 0]) =>
      ipv4(out, '10.1.1.2', VM_IPV4, 1, icmp(type, code, Buffer.concat([Buffer.from([0, 0, 2, 40]), about]))),
    )
    const send = () => bed.frames(two, 'send', 'eth0', ...errors)
    expect(await bed.countFrames(three, 'eth0', send)).toEqual({ count: 0, seen: '' })
    child.stdin?.end()
  })
})

it("NET-8: a site cannot slow the machine's own conversations by errors about them", async () => {
  const { vm } = bed.outer
  const conversation = bed.peer(vm, 'ask', INTERNET.ipv4, 8999, 1, 3000)
  const port = await until('the question is tracked', async () => {
    const { stdout } = await bed.at(vm, ['conntrack', '-L', '-p', 'udp', '--dport', '8999'])
    return Number(/sport=(\d+) dport=8999/.exec(stdout)?.[1] ?? 0) || undefined
  })
  const about = Buffer.from(ipv4(out, VM_IPV4, INTERNET.ipv4, 17, udp(port, 8999)).slice(28), 'hex')
  // RFC 1191: the next hop takes 576 bytes.
  const error = icmp(3, 4, Buffer.concat([Buffer.from([0, 0, 2, 64]), about]))
  await bed.frames(two, 'send', 'eth0', ipv4(out, '10.1.1.2', VM_IPV4, 1, error))
  await conversation
  expect((await bed.at(vm, ['ip', 'route', 'get', INTERNET.ipv4])).stdout).not.toContain('mtu')
})

describe('somebody on the uplink', () => {
  it('NET-4, NET-5: cannot send as a site, as loopback, or to a site', async () => {
    const uplink = { to: await macOf(bed.outer.vm), from: await macOf(bed.outer.visitor) }
    const forged = [
      ipv4(uplink, '10.1.1.2', VM_IPV4, 17, udp(4000, 9)),
      ipv4(uplink, VISITOR_IPV4, '10.1.1.3', 17, udp(4000, 9)),
      ipv6(uplink, TWO_IPV6, VM_IPV6, 17, udp6(TWO_IPV6, VM_IPV6, 4000, 9)),
      ipv6(uplink, VISITOR_IPV6, THREE_IPV6, 17, udp6(VISITOR_IPV6, THREE_IPV6, 4000, 9)),
      ipv4(uplink, '127.0.0.1', VM_IPV4, 17, udp(4000, 9)),
    ]
    const before = await counter('inet ruche', 'pretended')
    const send = () => bed.frames(bed.outer.visitor, 'send', 'eth0', ...forged)
    expect(await bed.countFrames(three, 'eth0', send)).toEqual({ count: 0, seen: '' })
    expect((await counter('inet ruche', 'pretended')) - before).toBe(forged.length)
  })

  it('NET-6: does not grow the neighbour table by scanning', async () => {
    const { vm, visitor } = bed.outer
    await bed.at(visitor, ['ip', 'route', 'replace', 'fd00:10:1:1::/64', 'via', VM_IPV6])
    await Promise.all(Array.from({ length: 8 }, (_, at) => bed.peer(visitor, 'ask', `fd00:10:1:1::b:${at}`, 80, 5, 50)))
    const { stdout } = await bed.at(vm, ['ip', 'neighbour', 'show', 'dev', 'ruche0'])
    expect(stdout).not.toContain('::b:')
  })
})
