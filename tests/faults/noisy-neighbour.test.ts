import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.js'
import { openLocalEngine } from '../../src/engine/local/local-engine.js'
import { expectNoLeaks } from '../helpers/leak-oracle.js'
import { VISITOR_IPV4 } from '../helpers/outer-network.js'
import { BASE_DOMAIN, type Platform, startPlatform } from '../helpers/platform.js'
import { endProcess, until } from '../helpers/programs.js'
import { ATTACK_SECONDS, ATTACKS, type AttackName, CPU_HOG } from './noisy/attacks.js'
import { median, openVisitor, type Speaker, speak, type Visitor, type Window } from './noisy/windows.js'

const WINDOW_MS = 1200
const ROUNDS = 4
/** In doubt more is measured: other people's load on this machine comes and goes, an attack that gets through stays. */
const MOST_ROUNDS = 16
/** One tick of the scheduler here and there: without it a quiet page of 4 ms would fail on noise. */
const SLACK_MS = 5
const HOGS = ['noisy', 'noisy-b', 'noisy-c']

let platform: Platform
let engine: Engine
let visitor: Visitor
let internet: Speaker
const table: Record<string, string | number>[] = []

beforeAll(async () => {
  platform = await startPlatform()
  await platform.resolve(`quiet.${BASE_DOMAIN}`)
  for (const name of ['quiet', ...HOGS])
    await platform.json('create', name, '--language', 'php', '--database', 'none', '--memory', '256M', '--disk', '512M')
  await put('public/work.php', '<?php $sum = 0; for ($i = 0; $i < 20000; $i++) $sum += $i; echo $sum;')
  const write = "fwrite($file, str_repeat(chr(rand(65, 90)), 4096)); fsync($file); echo 'written';"
  await put('public/sync.php', `<?php $file = fopen('/home/site/synced', 'c'); ${write}`)
  engine = openLocalEngine(`${platform.root}/run/agent.sock`)
  visitor = openVisitor(platform.network, platform.caFile, `https://quiet.${BASE_DOMAIN}`)
  const peer = new URL('../root/network/peer.mjs', import.meta.url).pathname
  const listen = [process.execPath, peer, 'listen', VISITOR_IPV4, '8000']
  internet = speak(platform.network, platform.network.visitor, listen)
  expect(await internet.lines()).toBe('"listening"')
}, 300_000)

afterAll(async () => {
  console.table(table)
  await visitor?.close()
  if (internet) await endProcess(internet.child, 'SIGTERM', 1000)
  const { cgroup } = await platform.agentSettings()
  await platform.close()
  await expectNoLeaks({ folder: platform.root, uidBases: [], cgroupWord: cgroup })
})

async function put(path: string, text: string): Promise<void> {
  const { code, stderr } = await platform.ruche(
    'exec',
    'quiet',
    '--',
    'sh',
    '-c',
    'printf %s "$2" >"$1"',
    'sh',
    path,
    text,
  )
  expect(code, stderr).toBe(0)
}

/** The kernel's counters now: what the server shows may be some seconds old. */
const usageOf = async (name: string) => (await engine.find(name))?.usage ?? {}

function attack(name: string, perl: string, ...words: string[]): Speaker {
  const program = ['perl', '-e', perl, String(ATTACK_SECONDS), ...words]
  return speak(platform.network, platform.network.vm, [
    ...[process.execPath, 'bin/ruche', 'exec', '--root', platform.root, name, '--', ...program],
  ])
}

interface Compared {
  quiet: Window[]
  attacked: Window[]
  /** Last line of each attack. */
  said: string[]
}

/** One quiet stretch, one beside the attack, in turn, so that what others do on the machine falls on both alike. */
async function round(what: AttackName, path: string, so: Compared): Promise<void> {
  so.quiet.push(await visitor.watch(path, WINDOW_MS))
  const evil = attack('noisy', ATTACKS[what], '2000')
  const first = await evil.lines()
  expect(first, evil.output()).not.toBe('')
  so.attacked.push(await visitor.watch(path, WINDOW_MS))
  await evil.ended
  so.said.push(evil.output().trim().split('\n').at(-1) ?? '')
  await until('the attack is over', async () => ((await usageOf('noisy')).pids ?? 99) < 20)
}

const p95 = (windows: readonly Window[]) => median(windows.map(({ p95Ms }) => p95Ms))

async function compare(what: AttackName, path: string, factor: number): Promise<Compared> {
  const so: Compared = { quiet: [], attacked: [], said: [] }
  const isWithin = () => p95(so.attacked) <= factor * p95(so.quiet) + SLACK_MS
  while (so.quiet.length < ROUNDS || (so.quiet.length < MOST_ROUNDS && !isWithin())) await round(what, path, so)
  const all = [...so.quiet, ...so.attacked]
  table.push({
    attack: what,
    page: path,
    'quiet p95 ms': Number(p95(so.quiet).toFixed(1)),
    'beside it p95 ms': Number(p95(so.attacked).toFixed(1)),
    ratio: Number((p95(so.attacked) / p95(so.quiet)).toFixed(2)),
    'at most': factor,
    visits: all.reduce((sum, { visits }) => sum + visits, 0),
    rounds: so.quiet.length,
  })
  expect(all.reduce((sum, { failed }) => sum + failed, 0)).toBe(0)
  expect(p95(so.attacked)).toBeLessThanOrEqual(factor * p95(so.quiet) + SLACK_MS)
  return so
}

describe('beside a hostile site, p95 of the neighbour’s pages is at most twice what it is when all is quiet', () => {
  it('RES-1: a fork bomb', async () => {
    await compare('a fork bomb', '/work.php', 2)
  })

  it('RES-1: a memory hog, which is killed inside', async () => {
    await compare('a memory hog', '/work.php', 2)
    expect((await usageOf('noisy')).oomKills).toBeGreaterThan(0)
    expect((await usageOf('quiet')).oomKills).toBe(0)
  })

  it('RES-6: a CPU hog, which gets no more than its core', async () => {
    await compare('a CPU hog', '/work.php', 2)
    const [before, began] = [await usageOf('noisy'), performance.now()]
    await attack('noisy', ATTACKS['a CPU hog']).ended
    const cores = (((await usageOf('noisy')).cpuNs ?? 0) - (before.cpuNs ?? 0)) / 1e6 / (performance.now() - began)
    expect(cores).toBeGreaterThan(0.02)
    expect(cores).toBeLessThan(1.1)
  })

  it('RES-7: a hog of the disk; and the neighbour’s own fsync takes at most five times as long', async () => {
    await compare('an I/O hog', '/work.php', 2)
    await compare('an I/O hog', '/sync.php', 5)
  })

  it('NET-10: 10,000 connections outwards and to the front proxy, of which 500 and 100 are had', async () => {
    const { said } = await compare('10,000 connections', '/work.php', 2)
    for (const line of said) {
      const [outwards = 0, inwards = 0] = line.split(' ').map(Number)
      expect(outwards).toBeLessThanOrEqual(500)
      expect(outwards).toBeGreaterThan(50)
      expect(inwards).toBeLessThanOrEqual(100)
      expect(inwards).toBeGreaterThan(50)
    }
  })

  it('RES-1: a hoarder of what the kernel has for all; the neighbour gets its own meanwhile', async () => {
    const what = 'a hoarder of inotify, terminals, semaphores, queues and files'
    await compare(what, '/work.php', 2)
    const evil = attack('noisy', ATTACKS[what], '2000')
    const had = counts(await evil.lines())
    expect(had).toMatchObject({ aio: 0, keys: 0 })
    expect(had.inotify).toBeLessThanOrEqual(32)
    expect(had.terminals).toBeLessThanOrEqual(64)
    expect(had.files).toBe(2000)
    expect(had.queues).toBeLessThanOrEqual(256)
    expect(had.timers).toBeLessThanOrEqual(4096)
    const quiet = attack('quiet', ATTACKS[what], '16')
    const own = counts(await quiet.lines())
    expect(own).toMatchObject({ inotify: 16, terminals: 16, semaphores: 16, timers: 48, files: 16 })
    expect(own.queues).toBeGreaterThan(0)
    await Promise.all([evil.ended, quiet.ended])
  })
})

function counts(line: string): Record<string, number> {
  return Object.fromEntries(line.split(' ').map((part) => [part.split('=')[0], Number(part.split('=')[1])]))
}

it('RES-6: three CPU hogs at once leave a site its weight', async () => {
  // 3 × 0.7 + 2 cores are asked of two: by weight the site gets 2.9 times what one of them gets; without weights as much as one of them.
  for (const name of HOGS) await platform.json('limits', name, '--cpu', '0.7')
  await platform.json('limits', 'quiet', '--cpu', '2')
  const all = ['quiet', ...HOGS]
  const before = await Promise.all(all.map(usageOf))
  const running = all.map((name) => attack(name, CPU_HOG))
  await Promise.all(running.map(({ ended }) => ended))
  const after = await Promise.all(all.map(usageOf))
  const [own = 0, ...hogs] = all.map((_, n) => ((after[n]?.cpuNs ?? 0) - (before[n]?.cpuNs ?? 0)) / 1e9)
  const ratio = own / median(hogs)
  console.table([
    { 'site, s of CPU': own.toFixed(2), 'hogs, s of CPU': hogs.map((s) => s.toFixed(2)).join(' '), ratio },
  ])
  expect(ratio).toBeGreaterThan(1.8)
})
