import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Folder of PostgreSQL's programs as Debian lays them, or undefined when it is not installed. */
export function findPostgres(): string | undefined {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort() : []
  return versions.map((version) => join(root, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')))
}

export interface Postgres {
  /** A URL of a new, empty database. */
  makeDatabase(): Promise<string>
  close(): Promise<void>
}

const NOBODY = 65_534

/** A PostgreSQL of its own in a temporary folder, on a unix socket only; as nobody, since it refuses to run as root. */
export async function openPostgres(bin: string): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), 'ruche-pg-'))
  const isRoot = process.getuid?.() === 0
  const as = isRoot ? { uid: NOBODY, gid: NOBODY } : {}
  if (isRoot) await chown(folder, NOBODY, NOBODY)
  const data = join(folder, 'data')
  const env = { LC_ALL: 'C', PATH: '/usr/bin:/bin' }
  await run(join(bin, 'initdb'), ['-D', data, '-U', 'ruche', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...as,
    env,
    cwd: folder,
  })
  const child = spawn(join(bin, 'postgres'), ['-D', data, '-k', folder, '-h', '', '-F'], {
    ...as,
    env,
    cwd: folder,
    stdio: 'ignore',
  })
  const psql = (...args: string[]) =>
    run(join(bin, 'psql'), ['-h', folder, '-U', 'ruche', '-d', 'postgres', ...args], { env })
  const deadline = Date.now() + 30_000
  for (;;) {
    const answers = await psql('-c', 'select 1').then(
      () => true,
      () => false,
    )
    if (answers) break
    if (child.exitCode !== null || Date.now() > deadline) throw new Error('PostgreSQL did not start')
  }
  let count = 0
  return {
    async makeDatabase() {
      const name = `test${++count}`
      await psql('-c', `create database ${name}`)
      return `postgresql://ruche@localhost/${name}?host=${encodeURIComponent(folder)}`
    },
    async close() {
      child.kill('SIGINT')
      if (child.exitCode === null) await once(child, 'exit')
      await rm(folder, { recursive: true, force: true })
    },
  }
}
