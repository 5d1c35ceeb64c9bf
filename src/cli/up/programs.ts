import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../model/errors.js'
import { getPackageFolder } from '../package-folder.js'
import { PROGRAM_ENVIRONMENT } from '../run.js'

/** Programs that must be there, and the Debian package of each. */
const PROGRAMS = {
  nginx: 'nginx-light',
  nft: 'nftables',
  ip: 'iproute2',
  setpriv: 'util-linux',
  flock: 'util-linux',
  useradd: 'passwd',
  openssl: 'openssl',
  conntrack: 'conntrack',
  'mkfs.ext4': 'e2fsprogs',
  mmdebstrap: 'mmdebstrap',
} as const
const DEMO_PROGRAMS = { slapd: 'slapd', slapadd: 'slapd' } as const

/** What was built, inside the package. */
export interface Built {
  agent: string
  launcher: string
  recipes: string
  app: string
}

/** The built parts of this package. AppError `host_failed` when something is missing. */
export async function getBuilt(): Promise<Built> {
  const folder = getPackageFolder()
  const built: Built = {
    agent: join(folder, 'dist/agent.mjs'),
    launcher: join(folder, 'dist/launch'),
    recipes: join(folder, 'templates'),
    app: join(folder, 'dist/app'),
  }
  for (const path of [...Object.values(built), join(built.app, 'server.mjs')])
    await access(path).catch(() => {
      throw new AppError('host_failed', `${path} is missing.`, { hint: 'npm run build' })
    })
  return built
}

/** Absolute path of a program, or undefined when it is not installed. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of PROGRAM_ENVIRONMENT.PATH.split(':')) {
    const path = join(folder, name)
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return path
  }
  return undefined
}

/** AppError `host_failed` that names every Debian package that is missing. */
export async function assertPrograms(demo: boolean): Promise<void> {
  const wanted = Object.entries({ ...PROGRAMS, ...(demo ? DEMO_PROGRAMS : {}) })
  const found = await Promise.all(wanted.map(([name]) => findProgram(name)))
  const missing = wanted.filter((_, index) => found[index] === undefined)
  if (missing.length === 0) return
  const packages = [...new Set(missing.map(([, name]) => name))].join(' ')
  throw new AppError('host_failed', `Programs are missing: ${missing.map(([name]) => name).join(', ')}.`, {
    hint: `apt-get install ${packages}`,
  })
}
