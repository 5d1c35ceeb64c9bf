import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import type { OwnCertificate } from '../../../../src/model/certificate.js'
import { Configuration } from '../../../../src/model/configuration.js'
import type { ServerSettings } from '../../../../src/model/server-settings.js'
import type { ProxyState } from '../../../../src/server/proxy/proxy.js'
import type { ProxyLimits } from '../../../../src/server/proxy/proxy-input.js'
import type { ProxyRoutes } from '../../../../src/server/proxy/routes.js'
import { type OuterNetwork, openOuterNetwork, VM_IPV4, VM_IPV6 } from '../../../helpers/outer-network.js'
import { endProcess, finish, succeed, until } from '../../../helpers/programs.js'
import { connectEnds } from './messages.js'
import type { OpenOptions } from './proxy-process.js'
import type { RelayTarget } from './relay-process.js'
import type { Seen } from './sites-process.js'

export const PANEL = 'ruche.example.test'
export const BASE = 'sites.example.test'
const HERE = resolve('tests/root/proxy/lab')
const USER = 'ruche'
const PROXY_USER = 'ruche-proxy'

/** A machine with a real front proxy, sites that behave as they are told, and a visitor outside. The code under test runs as the server's own user. */
export interface Lab {
  network: OuterNetwork
  root: string
  caFile: string
  listen(who: string, host: string, kind: string): Promise<void>
  stop(who: string): Promise<void>
  startPanel(): Promise<void>
  /** Opens the proxy anew, as a restarted server would. */
  open(change?: {
    limits?: Partial<ProxyLimits>
    deadlineMs?: number
    listen?: string[]
    runFolder?: string
    ports?: { http_port: number; https_port: number }
  }): Promise<void>
  /** Answers the milliseconds it took. */
  apply(sites: ProxyRoutes['sites'], pendingNames?: string[]): Promise<number>
  state(): Promise<ProxyState>
  setOwn(name: string, certificate: OwnCertificate): Promise<void>
  removeOwn(name: string): Promise<void>
  /** For the dates of owners' certificates. */
  passTime(ms: number): Promise<void>
  seen(who: string): Promise<Seen[]>
  raw(who: string): Promise<string[]>
  forget(): Promise<void>
  /** A connection from the visitor's side (or from the machine's) to anywhere the namespace reaches. */
  connect(to: RelayTarget, space?: 'visitor' | 'vm'): Promise<Socket>
  curl(...args: string[]): Promise<{ status: number; text: string; headers: string; code: number; stderr: string }>
  accessLog: string
  /** What nginx said on its standard error. */
  proxyOutput(): string
  nginx(): ChildProcess | undefined
  /** As when it crashes. */
  killNginx(): Promise<void>
  reloads(): number
  close(): Promise<void>
}

interface Account {
  uid: number
  gid: number
}

export async function openLab(names: string[] = []): Promise<Lab> {
  const undo: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const work of undo.reverse()) await work()
  }
  try {
    return await fillLab(names, undo, close)
  } catch (error) {
    await close()
    throw error
  }
}

async function fillLab(names: string[], undo: (() => Promise<unknown>)[], close: () => Promise<void>): Promise<Lab> {
  const [server, proxy] = [await ensureAccount(USER), await ensureAccount(PROXY_USER)]
  const root = await mkdtemp('/tmp/ruche-proxy-')
  undo.push(() => rm(root, { recursive: true, force: true }))
  await makeFolders(root, server, proxy)
  const network = await openOuterNetwork()
  undo.push(network.close)
  await network.setNames([PANEL, BASE, ...names])
  await addSites(network.vm)
  const programs = await bundle(root)
  const folders = { lib: join(root, 'lib'), run: join(root, 'run'), log: join(root, 'log') }
  const caFile = join(folders.lib, 'certificates/ca.pem')
  const spawnIn = (space: string, argv: string[], functions: Parameters<typeof connectEnds>[1] = {}) => {
    const [program, args] = network.inside(space, argv)
    const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    undo.push(() => endProcess(child, 'SIGKILL', 5_000))
    return { child, call: connectEnds(child, functions) }
  }
  const nginx = openNginx(network, folders.lib)
  undo.push(nginx.stop)
  const sites = spawnIn(network.vm, [process.execPath, programs.sites]).call
  const relays = {
    visitor: await startRelay(spawnIn, network.visitor, programs.relay, join(root, 'visitor.sock')),
    vm: await startRelay(spawnIn, network.vm, programs.relay, join(root, 'vm.sock')),
  }
  const confined = ['setpriv', '--reuid', USER, '--regid', USER, '--groups', `${USER},${PROXY_USER}`]
  const underTest = spawnIn(
    network.vm,
    [...confined, '--inh-caps', '-all', '--bounding-set', '-all', process.execPath, programs.proxy],
    { reload: nginx.reload },
  ).call
  const lab: Lab = {
    network,
    root,
    caFile,
    listen: (who, host, kind) => sites('listen', { who, host, kind }),
    stop: (who) => sites('close', who),
    startPanel: () => sites('listenPanel', { path: join(folders.run, 'panel.sock'), uid: server.uid, gid: proxy.gid }),
    open: ({ limits = {}, deadlineMs = 10_000, ...change } = {}) =>
      underTest('open', { settings: planSettings(folders, change), limits, deadlineMs } satisfies OpenOptions),
    apply: (list, pendingNames = []) =>
      underTest('apply', { panel: PANEL, baseDomain: BASE, sites: list, pendingNames } satisfies ProxyRoutes),
    state: () => underTest('state'),
    setOwn: (name, certificate) => underTest('setOwn', { name, certificate }),
    removeOwn: (name) => underTest('removeOwn', name),
    passTime: (ms) => underTest('passTime', ms),
    seen: (who) => sites('seen', who),
    raw: (who) => sites('raw', who),
    forget: () => sites('forget'),
    connect: (to, space = 'visitor') => connectThrough(relays[space], to),
    curl: (...args) => curl(network, caFile, args),
    accessLog: join(folders.log, 'proxy/access.log'),
    proxyOutput: nginx.output,
    nginx: nginx.child,
    killNginx: nginx.kill,
    reloads: nginx.reloads,
    close,
  }
  await lab.open()
  return lab
}

async function ensureAccount(name: string): Promise<Account> {
  if ((await finish('getent', ['passwd', name])).code !== 0)
    await succeed('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', name])
  const [, , uid, gid] = (await succeed('getent', ['passwd', name])).split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

// As `ruche up` lays them.
async function makeFolders(root: string, server: Account, proxy: Account): Promise<void> {
  await chmod(root, 0o711)
  const folders: [string, number, number, number][] = [
    ['lib', 0o711, 0, 0],
    ['lib/certificates', 0o750, server.uid, proxy.gid],
    ['lib/proxy', 0o750, server.uid, proxy.gid],
    ['run', 0o1771, 0, server.gid],
    ['run/proxy', 0o750, proxy.uid, proxy.gid],
    ['log', 0o711, 0, 0],
    ['log/proxy', 0o770, server.uid, proxy.gid],
  ]
  for (const [name, mode, uid, gid] of folders) {
    await mkdir(join(root, name))
    await chown(join(root, name), uid, gid)
    await chmod(join(root, name), mode)
  }
}

/** Sites' addresses as the machine's own: what has no listener refuses at once, as the firewall does for a stopped site. */
async function addSites(vm: string): Promise<void> {
  for (let n = 1; n <= 20; n++) {
    await succeed('ip', ['-n', vm, 'address', 'add', `10.1.1.${n}/32`, 'dev', 'lo'])
    await succeed('ip', ['-n', vm, 'address', 'add', `fd00:10:1:1::${n.toString(16)}/128`, 'dev', 'lo', 'nodad'])
  }
}

async function bundle(root: string): Promise<{ sites: string; relay: string; proxy: string }> {
  const entry = (name: string) => join(HERE, `${name}-process.ts`)
  await build({
    entryPoints: ['sites', 'relay', 'proxy'].map(entry),
    bundle: true,
    platform: 'node',
    format: 'esm',
    outdir: root,
    outExtension: { '.js': '.mjs' },
    sourcemap: 'inline',
    logLevel: 'error',
  })
  const built = (name: string) => join(root, `${name}-process.mjs`)
  for (const name of ['sites', 'relay', 'proxy']) await chmod(built(name), 0o644)
  return { sites: built('sites'), relay: built('relay'), proxy: built('proxy') }
}

function planSettings(
  folders: { lib: string; run: string; log: string },
  { ports, ...change }: { listen?: string[]; runFolder?: string; ports?: object },
): ServerSettings {
  return {
    configuration: Configuration.parse({ names: { panel: PANEL, base_domain: BASE }, host: ports ?? {} }),
    libFolder: folders.lib,
    runFolder: folders.run,
    logFolder: folders.log,
    webFolder: '/nonexistent',
    listen: [VM_IPV4, VM_IPV6, '127.0.0.1', '::1'],
    proxyGroup: PROXY_USER,
    nginx: '/usr/sbin/nginx',
    publicAddresses: [],
    sampleAccounts: [],
    ...change,
  }
}

/** Plays the agent: starts nginx confined, and afterwards tells the same process to read its configuration again. */
function openNginx(network: OuterNetwork, lib: string) {
  let child: ChildProcess | undefined
  let text = ''
  let count = 0
  const capabilities = '-all,+net_bind_service'
  const confined = [
    '--reuid',
    PROXY_USER,
    '--regid',
    PROXY_USER,
    '--clear-groups',
    '--no-new-privs',
    '--pdeathsig',
    'TERM',
  ]
  const rights = [`--inh-caps=${capabilities}`, `--ambient-caps=${capabilities}`, `--bounding-set=${capabilities}`]
  const program = ['/usr/sbin/nginx', '-e', 'stderr', '-p', join(lib, 'proxy/current'), '-c', 'nginx.conf']
  const begin = () => {
    const [first, args] = network.inside(network.vm, [
      'setpriv',
      ...confined,
      ...rights,
      ...program,
      '-g',
      'daemon off;',
    ])
    child = spawn(first, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        text += chunk
      })
  }
  return {
    reload: () => {
      count += 1
      if (child && child.exitCode === null && child.signalCode === null) child.kill('SIGHUP')
      else begin()
    },
    stop: async () => {
      if (child) await endProcess(child, 'SIGTERM', 5_000)
    },
    // With its workers: they would go on serving, and hold the ports, without their master.
    kill: async () => {
      if (child?.pid === undefined) return
      const ended = new Promise((resolve) => child?.once('close', resolve))
      process.kill(-child.pid, 'SIGKILL')
      await ended
    },
    output: () => text,
    child: () => child,
    reloads: () => count,
  }
}

async function startRelay(
  spawnIn: (space: string, argv: string[]) => { child: ChildProcess },
  space: string,
  program: string,
  path: string,
): Promise<string> {
  const { child } = spawnIn(space, [process.execPath, program, path])
  await new Promise((resolve) => child.once('message', resolve))
  return path
}

function connectThrough(relay: string, to: RelayTarget): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(relay, () => {
      socket.write(`${JSON.stringify(to)}\n`)
      resolve(socket)
    })
    socket.once('error', reject)
  })
}

/** curl as a visitor who trusts only our authority; `-k` is never used. Status 0: no answer. */
async function curl(network: OuterNetwork, caFile: string, args: string[]) {
  const common = ['-sS', '-i', '--max-time', '20', '--cacert', caFile]
  const { code, stdout, stderr } = await network.run(network.visitor, ['curl', ...common, ...args])
  const end = stdout.indexOf('\r\n\r\n')
  const status = Number(/^HTTP\/[\d.]+ (\d{3})/.exec(stdout)?.[1] ?? 0)
  return {
    code,
    status,
    headers: stdout.slice(0, Math.max(end, 0)),
    text: end === -1 ? '' : stdout.slice(end + 4),
    stderr,
  }
}

/** Lines of the access log once `enough` of them are there. */
export async function readAccessLog(lab: Lab, enough: (lines: Visit[]) => boolean): Promise<Visit[]> {
  return until('the access log has the visit', async () => {
    const text = await readFile(lab.accessLog, 'utf8')
    const lines = text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Visit)
    return enough(lines) ? lines : undefined
  })
}

export interface Visit {
  at: number
  site: string
  host: string
  address: string
  method: string
  uri: string
  status: number
  sentBytes: number
  seconds: number
  siteStatus: string
  agent: string
}
