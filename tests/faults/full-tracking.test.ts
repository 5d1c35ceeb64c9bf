import type { ChildProcess } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { VM_IPV4 } from '../helpers/outer-network.js'
import { endProcess, PATIENCE, start, until } from '../helpers/programs.js'
import { type Driver, type FakeSite, INTERNET, openTestBed, SETTINGS, type TestBed } from '../root/network/test-bed.js'

/** Ends by itself: a datagram from each of 16 ports to every port of the machine, again and again. Each pair is one entry of the kernel's table. */
const FLOOD_SECONDS = 120 * PATIENCE
const FLOOD = `use strict; use Socket; my $end = time + $ARGV[1]; my $to = inet_aton($ARGV[0]);
  my @from = map { socket(my $s, PF_INET, SOCK_DGRAM, 0) or die; $s } 1 .. 16;
  while (time < $end) { for my $socket (@from) { send $socket, "x", 0, pack_sockaddr_in($_, $to) for 1024 .. 65535; last if time >= $end } }`
const PATIENT_MS = 5000

let bed: TestBed
let driver: Driver
let greedy: FakeSite
let other: FakeSite
let flood: ChildProcess | undefined

beforeAll(async () => {
  bed = await openTestBed()
  driver = bed.openDriver()
  await driver.ok({ verb: 'open', settings: SETTINGS })
  greedy = await bed.openSite()
  other = await bed.openSite()
  await driver.ok({ verb: 'setPorts', ports: [2, 3].map((n) => ({ n, sftpPort: 22_000 + n, up: true })) })
  await driver.ok({ verb: 'attach', n: 2, pid: greedy.pid })
  await driver.ok({ verb: 'attach', n: 3, pid: other.pid })
  await bed.listen(bed.outer.visitor, INTERNET.ipv4, 8000)
  await bed.listen(bed.outer.vm, VM_IPV4, 443)
  await bed.listen(other, '::', 22)
})
afterAll(async () => {
  if (flood) await endProcess(flood, 'SIGTERM', 1000)
  await bed?.close()
})

/** `count` or `max` of the kernel's table of connections, for the namespace that plays the machine. */
const tracked = async (what: string): Promise<number> =>
  Number((await bed.at(bed.outer.vm, ['cat', `/proc/sys/net/netfilter/nf_conntrack_${what}`])).stdout)

const sourcePorts = async (address: string): Promise<number[]> => {
  const { stdout } = await bed.at(bed.outer.vm, ['conntrack', '-L', '-p', 'tcp', '-s', address, '--dport', '8000'])
  // The answer's destination is the public address and the port that stands for the connection outside.
  return [...stdout.matchAll(new RegExp(`dst=${VM_IPV4} sport=8000 dport=(\\d+)`, 'g'))].map(([, port]) => Number(port))
}

test('RES-8: ports that one site holds outwards are not missing for another that asks for the same ones', async () => {
  const [first, count] = [40_000, 90]
  const held = await bed.startPeer(greedy, 'hold', INTERNET.ipv4, 8000, count, count, first)
  const same = await bed.startPeer(other, 'hold', INTERNET.ipv4, 8000, count, count, first)
  for (const { said } of [held, same]) expect(JSON.parse(said)).toEqual({ connected: count })
  const [one, two] = [await sourcePorts('10.1.1.2'), await sourcePorts('10.1.1.3')]
  expect([one.length, two.length]).toEqual([count, count])
  expect(new Set([...one, ...two]).size).toBe(2 * count)
  for (const { child } of [held, same]) child.stdin?.end()
})

test('RES-8: with the table of connections full, sites and visitors still connect, and what is open stays open', {
  timeout: 240_000 * PATIENCE,
}, async () => {
  const talk = await bed.startPeer(other, 'talk', INTERNET.ipv4, 8000)
  expect(talk.said).toBe('"connected"')
  // As many as a site may have at once.
  const held = await bed.startPeer(greedy, 'hold', INTERNET.ipv4, 8000, 100, 100)
  expect((JSON.parse(held.said) as { connected: number }).connected).toBeGreaterThan(80)
  const most = await tracked('max')
  // The flood may take its time, and stays as it is while we look.
  await bed.at(bed.outer.vm, ['sysctl', '-qw', 'net.netfilter.nf_conntrack_udp_timeout=3600'])
  const [program, args] = bed.outer.inside(bed.outer.visitor, ['perl', '-e', FLOOD, VM_IPV4, String(FLOOD_SECONDS)])
  flood = start(program, args).child
  await until('the table is full', async () => (await tracked('count')) > 0.97 * most, 100_000)

  const answers = []
  for (let round = 0; round < 10; round += 1)
    answers.push(
      await bed.connect(other, INTERNET.ipv4, 8000, PATIENT_MS),
      await bed.connect(bed.outer.visitor, VM_IPV4, 22_003, PATIENT_MS),
      await bed.connect(bed.outer.visitor, VM_IPV4, 443, PATIENT_MS),
    )
  expect(answers.filter(({ ok }) => !ok)).toEqual([])
  expect(await tracked('count')).toBeGreaterThan(0.9 * most)
  expect(await bed.connect(other, INTERNET.ipv4, 8000, PATIENT_MS)).toMatchObject({ ok: true, said: VM_IPV4 })
  const echoed = new Promise((resolve) => talk.child.stdout?.once('data', (data) => resolve(String(data).trim())))
  talk.child.stdin?.write('still there')
  expect(await echoed).toBe('"still there"')
  held.child.stdin?.end()
  talk.child.stdin?.end()
})
