import { randomBytes } from 'node:crypto'
import { access, chown, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Configuration } from '../../../model/configuration.js'
import { AppError } from '../../../model/errors.js'
import { type Account, ensureAccount } from '../accounts.js'
import { ensureFolder } from '../folders.js'
import { ensureLogFile } from '../log-files.js'
import type { Paths } from '../paths.js'
import { findProgram } from '../programs.js'
import { type Supervised, type SupervisedPlan, supervise } from '../supervised.js'
import { renderFirstZone, renderKey, renderKnot } from './render-knot.js'

const USER = 'ruche-dns'
const SECRET_BYTES = 32

export interface DnsFiles {
  /** knotd's configuration. */
  configuration: string
  /** The key, for the server. */
  key: string
}

/** Where the files of our DNS server are. Pure. */
export function planDnsFiles({ lib }: Pick<Paths, 'lib'>): DnsFiles {
  return { configuration: join(lib, 'dns/knot.conf'), key: join(lib, 'dns/key') }
}

export interface DnsOptions {
  paths: Paths
  configuration: Configuration
  /** Public addresses of the machine. */
  listen: readonly string[]
  /** Who may read the key. */
  server: Account
}

/** Lays key, configuration and, the first time, the empty zone; takes the configuration away when DNS is somebody else's. AppError `host_failed`. */
export async function prepareDns(options: DnsOptions): Promise<void> {
  const { paths, configuration, listen, server } = options
  const files = planDnsFiles(paths)
  if (configuration.dns.mode !== 'embedded') return rm(files.configuration, { force: true })
  await assertPossible(listen)
  const owner = await ensureAccount(USER)
  const folder = join(paths.lib, 'dns')
  const dataFolder = join(folder, 'data')
  const runFolder = join(paths.run, 'dns')
  await ensureFolder({ path: folder, mode: 0o711, uid: 0, gid: 0 })
  for (const path of [dataFolder, runFolder]) await ensureFolder({ path, mode: 0o700, uid: owner.uid, gid: owner.gid })
  await ensureLogFile(planLogFile(paths), { uid: 0, gid: 0 })
  const { dns, names } = configuration
  const zone = dns.zone ?? names.base_domain
  const secret = await ensureSecret(files.key, server)
  const text = renderKnot({ listen, port: dns.port, zone, dataFolder, runFolder, secret })
  await put(files.configuration, text, { mode: 0o640, uid: 0, gid: owner.gid })
  const zoneFile = join(dataFolder, 'zone')
  if (!(await isThere(zoneFile)))
    await put(zoneFile, renderFirstZone(zone, dns.ttl_seconds, listen), { mode: 0o600, uid: owner.uid, gid: owner.gid })
}

async function assertPossible(listen: readonly string[]): Promise<void> {
  if (!(await findProgram('knotd')))
    throw new AppError('host_failed', 'Programs are missing: knotd.', { hint: 'apt-get install knot' })
  if (listen.length === 0)
    throw new AppError('host_failed', 'dns.mode is embedded, but this machine has no public address to answer on.')
}

type Watched = Pick<SupervisedPlan, 'say' | 'onStarted'>

/** Starts knotd as its own user with one capability, and waits until it answers. */
export async function startDns(
  { paths, configuration, listen }: DnsOptions,
  watched: Watched,
  signal: AbortSignal,
): Promise<Supervised> {
  const only = '-all,+net_bind_service'
  const args = [
    ...['--reuid', USER, '--regid', USER, '--clear-groups', '--no-new-privs', '--pdeathsig', 'TERM'],
    ...['--inh-caps', only, '--ambient-caps', only, '--bounding-set', only],
    ...['--', 'knotd', '-c', planDnsFiles(paths).configuration],
  ]
  const [address = '127.0.0.1'] = listen
  const isReady = () => canConnect(address, configuration.dns.port)
  // It asks for the machine's own full name first, and would wait 10 s or more for a resolver that is silent (resolv.conf(5)).
  const env = { RES_OPTIONS: 'timeout:1 attempts:1' }
  const logFile = planLogFile(paths)
  return supervise({ name: 'DNS server', program: 'setpriv', args, env, logFile, isReady, ...watched }, signal)
}

const planLogFile = ({ log }: Pick<Paths, 'log'>) => join(log, 'dns.log')

async function ensureSecret(keyFile: string, server: Account): Promise<string> {
  const known = /secret "([^"]+)"/.exec(await readFile(keyFile, 'utf8').catch(() => ''))?.[1]
  if (known !== undefined) return known
  const secret = randomBytes(SECRET_BYTES).toString('base64')
  await put(keyFile, renderKey(secret), { mode: 0o400, uid: server.uid, gid: server.gid })
  return secret
}

/** Puts a file in its place at once, in a folder of root's or of its later owner's before that one runs. */
async function put(
  path: string,
  text: string,
  { mode, uid, gid }: { mode: number; uid: number; gid: number },
): Promise<void> {
  const made = `${path}.new`
  await rm(made, { force: true })
  await writeFile(made, text, { mode, flag: 'wx' })
  await chown(made, uid, gid)
  await rename(made, path)
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
