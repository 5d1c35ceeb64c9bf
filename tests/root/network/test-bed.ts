import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import type { NetworkSettings } from '../../../src/agent/network/network.js'
import {
  type OuterNetwork,
  openOuterNetwork,
  VISITOR_IPV4,
  VISITOR_IPV6,
  VM_IPV4,
  VM_IPV6,
} from '../../helpers/outer-network.js'
import { endProcess, finish, succeed } from '../../helpers/programs.js'
import type { Command } from './driver.js'

export const SETTINGS: NetworkSettings = {
  bridge: 'ruche0',
  ipv4: '10.1.1.0/24',
  ipv6: 'fd00:10:1:1::/64',
  uplink: 'eth0',
  publicIpv4: [VM_IPV4],
  publicIpv6: [VM_IPV6],
  httpPort: 80,
  httpsPort: 443,
  connectionsPerSource: 100,
  resolvers: [VISITOR_IPV4, VISITOR_IPV6],
}

/** Addresses beyond the uplink, all held by the visitor: the Internet, and what a site must never reach. */
export const INTERNET = { ipv4: '198.51.100.7', ipv6: '2001:db8:99::7' }
export const FORBIDDEN = [
  ...['192.168.77.1', '172.20.0.1', '169.254.169.254', '100.64.0.1', '10.9.9.9', '198.18.0.1'],
  ...['fd00:ec2::254', 'fd77::1'],
]

export interface Answer<T> {
  result?: T
  error?: { code: string; message: string; cause: string }
  ms: number
}

/** The code under test, running in the machine's namespace. */
export interface Driver {
  tell<T = null>(command: Command): Promise<Answer<T>>
  /** As tell, and throws what went wrong. */
  ok<T = null>(command: Command): Promise<T>
  end(): Promise<void>
  pid: number
}

/** A process with an empty network namespace, as a container's PID 1 at its gate. */
export interface FakeSite {
  pid: number
  startTime: number
  end(): Promise<void>
}

export interface Connection {
  ok: boolean
  code?: string
  said?: string
  ms: number
}

export interface TestBed {
  outer: OuterNetwork
  /** Where compiled tools and the bundled driver are. */
  folder: string
  openDriver(): Driver
  openSite(): Promise<FakeSite>
  /** Runs a program where a process is (`vm`, `visitor`, or a site). */
  at(place: string | FakeSite, argv: string[]): Promise<{ code: number; stdout: string; stderr: string }>
  /** A listener (TCP and UDP) that goes on until the end. */
  listen(place: string | FakeSite, address: string, port: number): Promise<void>
  connect(place: string | FakeSite, address: string, port: number, timeoutMs?: number): Promise<Connection>
  /** Another verb of peer.mjs, to its end. */
  peer<T>(place: string | FakeSite, ...words: (string | number)[]): Promise<T>
  /** A verb of peer.mjs that goes on: its first line, and what was started. */
  startPeer(place: string | FakeSite, ...words: (string | number)[]): Promise<{ said: string; child: ChildProcess }>
  /** frames.c, to its end. */
  frames(place: string | FakeSite, ...words: string[]): Promise<{ code: number; stdout: string; stderr: string }>
  /** Counts the frames that come in on a link while `work` runs, and one second longer. */
  countFrames(
    place: string | FakeSite,
    link: string,
    work: () => Promise<unknown>,
  ): Promise<{ count: number; seen: string }>
  close(): Promise<void>
}

const PEER = new URL('peer.mjs', import.meta.url).pathname

export async function openTestBed(): Promise<TestBed> {
  const outer = await openOuterNetwork()
  const folder = await mkdtemp('/tmp/ruche-network-')
  const children: ChildProcess[] = []
  const driverFile = join(folder, 'driver.mjs')
  await Promise.all([bundleDriver(driverFile), compileFrames(folder), addOutsideAddresses(outer)])

  const argvAt = (place: string | FakeSite, argv: string[]): [string, string[]] =>
    typeof place === 'string'
      ? outer.inside(place, argv)
      : ['nsenter', [`--net=/proc/${place.pid}/ns/net`, '--', ...argv]]
  const peerAt = (place: string | FakeSite, words: (string | number)[]) =>
    argvAt(place, [process.execPath, PEER, ...words.map(String)])
  const startPeer: TestBed['startPeer'] = async (place, ...words) => {
    const [program, args] = peerAt(place, words)
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    children.push(child)
    return { said: await firstLine(child), child }
  }
  const tool = join(folder, 'frames')
  const frames: TestBed['frames'] = (place, ...words) => finish(...argvAt(place, [tool, ...words]))
  const peer = async <T>(place: string | FakeSite, ...words: (string | number)[]): Promise<T> =>
    JSON.parse(await succeed(...peerAt(place, words))) as T

  return {
    outer,
    folder,
    openDriver: () => openDriver(outer, driverFile, children),
    openSite: () => openSite(outer, children),
    at: (place, argv) => finish(...argvAt(place, argv)),
    listen: async (place, address, port) => void (await startPeer(place, 'listen', address, port)),
    connect: (place, address, port, timeoutMs = 1500) => peer(place, 'connect', address, port, timeoutMs),
    peer,
    startPeer,
    frames,
    countFrames: async (place, link, work) => {
      const [program, args] = argvAt(place, [tool, 'count', link, '3'])
      const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
      children.push(child)
      let [said, seen] = ['', '']
      child.stderr.on('data', (chunk) => {
        seen += chunk
      })
      await firstLine(child)
      child.stdout.on('data', (chunk) => {
        said += chunk
      })
      const ended = new Promise((resolve) => child.once('close', resolve))
      await work()
      await ended
      return { count: Number(said.trim()), seen }
    },
    close: async () => {
      await Promise.all(children.map((child) => endProcess(child, 'SIGKILL', 1000)))
      await outer.close()
      await rm(folder, { recursive: true })
    },
  }
}

async function bundleDriver(outfile: string): Promise<void> {
  const entry = new URL('driver.ts', import.meta.url).pathname
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' })
}

async function compileFrames(folder: string): Promise<void> {
  const source = new URL('frames.c', import.meta.url).pathname
  await succeed('gcc', ['-O1', '-Wall', '-Werror', '-o', join(folder, 'frames'), source])
}

async function addOutsideAddresses({ visitor, vm }: OuterNetwork): Promise<void> {
  const lines = [...Object.values(INTERNET), ...FORBIDDEN].map((address) =>
    address.includes(':') ? `address add ${address}/128 dev lo nodad` : `address add ${address}/32 dev lo`,
  )
  await succeed('ip', ['-n', visitor, '-batch', '-'], { input: `${lines.join('\n')}\n` })
  // The machine checks sources strictly, as hardened ones do.
  await succeed('ip', ['netns', 'exec', vm, 'sysctl', '-qw', 'net.ipv4.conf.all.rp_filter=1'])
}

function openDriver(outer: OuterNetwork, file: string, children: ChildProcess[]): Driver {
  const [program, args] = outer.inside(outer.vm, [process.execPath, file])
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  const waiting = new Map<number, (answer: Answer<never>) => void>()
  let last = 0
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, ...answer } = JSON.parse(line) as { id: number } & Answer<never>
    waiting.get(id)?.(answer)
  })
  const tell: Driver['tell'] = (command) =>
    new Promise((resolve) => {
      last += 1
      waiting.set(last, resolve)
      child.stdin.write(`${JSON.stringify({ ...command, id: last })}\n`)
    })
  return {
    tell,
    ok: async <T>(command: Command) => {
      const answer = await tell<T>(command)
      if (answer.error) throw new Error(`${command.verb}: ${JSON.stringify(answer.error)}`)
      return answer.result as T
    },
    end: () => endProcess(child, 'SIGKILL', 1000),
    pid: child.pid ?? -1,
  }
}

async function openSite(outer: OuterNetwork, children: ChildProcess[]): Promise<FakeSite> {
  // As the launcher leaves it: loopback up, no duplicate address detection, nothing learnt.
  const prepare = [
    'for name in default all; do echo 0 >/proc/sys/net/ipv6/conf/$name/accept_dad; echo 0 >/proc/sys/net/ipv6/conf/$name/accept_ra; done',
    'ip link set lo up',
    'echo ready',
    'exec sleep infinity',
  ].join('; ')
  const [program, args] = outer.inside(outer.vm, ['unshare', '--net', 'sh', '-c', prepare])
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  await firstLine(child)
  const pid = child.pid ?? -1
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const startTime = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
  return { pid, startTime, end: () => endProcess(child, 'SIGKILL', 1000) }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const onData = (chunk: Buffer): void => {
      text += chunk
      if (!text.includes('\n')) return
      child.stdout?.off('data', onData)
      resolve(text.split('\n')[0] ?? '')
    }
    child.stdout?.on('data', onData)
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it said a line: ${text}`)))
  })
}
