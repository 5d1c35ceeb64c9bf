import { randomBytes } from 'node:crypto'
import { access, chown, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Configuration } from '../../../model/configuration.js'
import { AppError } from '../../../model/errors.js'
import { run } from '../../run.js'
import type { Account } from '../accounts.js'
import { findAccount } from '../accounts.js'
import { arePortsFree } from '../choose-ports.js'
import { ensureFolder } from '../folders.js'
import { ensureLogFile } from '../log-files.js'
import type { Paths } from '../paths.js'
import { type Supervised, supervise } from '../supervised.js'
import { BIND_DN, GROUPS, renderPeople, SAMPLE_PEOPLE, SUFFIX } from './people.js'
import { renderSlapd } from './render-slapd.js'

const FIRST_PORT = 10_389

export interface DirectoryOptions {
  paths: Paths
  server: Account
  signal: AbortSignal
  say(line: string): void
  onStarted(pid: number): Promise<void>
}

export interface SampleDirectory {
  settings: NonNullable<Configuration['directory']>
  process: Supervised
}

/** Starts a real slapd on the loopback, with the sample people in it from its first start on. */
export async function openSampleDirectory(options: DirectoryOptions): Promise<SampleDirectory> {
  const { paths, server, signal, say, onStarted } = options
  const folder = join(paths.lib, 'directory')
  const owner = await findAccount('openldap')
  if (!owner) throw new AppError('host_failed', 'The user openldap is missing.', { hint: 'apt-get install slapd' })
  await ensureFolder({ path: folder, mode: 0o711, uid: 0, gid: 0 })
  await seedOnce(folder, owner, server)
  const port = await findFreePort()
  const logFile = join(paths.log, 'directory.log')
  await ensureLogFile(logFile, { uid: 0, gid: 0 })
  const url = `ldap://127.0.0.1:${port}`
  const [program, ...args] = confined(owner, ['slapd', '-f', join(folder, 'slapd.conf'), '-h', `${url}/`, '-d', '0'])
  const isReady = () => canConnect(port)
  const plan = { name: 'sample directory', program, args, logFile, say, onStarted, isReady }
  return {
    settings: {
      url,
      base_dn: SUFFIX,
      bind_dn: BIND_DN,
      bind_password_file: join(folder, 'bind-password'),
      login_attribute: 'uid',
      name_attribute: 'cn',
      administrators_group: GROUPS.administrators,
      creators_group: GROUPS.creators,
    },
    process: await supervise(plan, signal),
  }
}

// slapd reserves memory for as many connections as it may have open; it has no pipe to watch, so the kernel ends it with us. It asks for the machine's own
// full name first, and would wait 10 s or more for a DNS server that is silent (resolv.conf(5)).
function confined(owner: Account, command: string[]): [string, ...string[]] {
  const identity = ['--reuid', `${owner.uid}`, '--regid', `${owner.gid}`, '--clear-groups', '--no-new-privs']
  return [
    'env',
    'RES_OPTIONS=timeout:1 attempts:1',
    'prlimit',
    '--nofile=1024:1024',
    'setpriv',
    ...identity,
    '--pdeathsig',
    'TERM',
    '--',
    ...command,
  ]
}

async function seedOnce(folder: string, owner: Account, server: Account): Promise<void> {
  const conf = join(folder, 'slapd.conf')
  await writeFile(conf, renderSlapd(folder), { mode: 0o640 })
  await chown(conf, 0, owner.gid)
  const data = join(folder, 'data')
  await ensureFolder({ path: data, mode: 0o700, uid: owner.uid, gid: owner.gid })
  const mark = join(folder, 'seeded')
  const seeded = await access(mark).then(
    () => true,
    () => false,
  )
  if (seeded) return
  // What a start that was cut short left.
  for (const name of await readdir(data)) await rm(join(data, name), { recursive: true })
  const password = randomBytes(24).toString('base64url')
  const passwordFile = join(folder, 'bind-password')
  await rm(passwordFile, { force: true })
  await writeFile(passwordFile, password, { mode: 0o400, flag: 'wx' })
  await chown(passwordFile, server.uid, server.gid)
  const [program, ...args] = confined(owner, ['slapadd', '-f', conf])
  await run(program, args, { stdin: renderPeople(SAMPLE_PEOPLE, password, randomBytes(8)), timeoutMs: 30_000 })
  await mkdir(mark, { mode: 0o700 })
}

async function findFreePort(): Promise<number> {
  for (let port = FIRST_PORT; port < FIRST_PORT + 200; port++) if (await arePortsFree(['127.0.0.1'], port)) return port
  throw new AppError('conflict', `No port from ${FIRST_PORT} on is free for the sample directory.`)
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
