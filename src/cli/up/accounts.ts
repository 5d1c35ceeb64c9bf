import { AppError } from '../../model/errors.js'
import { run } from '../run.js'

export interface Account {
  name: string
  uid: number
  gid: number
}

/** The account of that name, or undefined (getent(1)). */
export async function findAccount(name: string): Promise<Account | undefined> {
  const { stdout, exitCode } = await run('getent', ['passwd', name], { accept: [0, 2], timeoutMs: 10_000 })
  const [, , uid, gid] = stdout.split(':')
  return exitCode === 0 ? { name, uid: Number(uid), gid: Number(gid) } : undefined
}

/** A system account with a group of its own name, no home and no shell; made when it is not there (useradd(8)). */
export async function ensureAccount(name: string): Promise<Account> {
  const known = await findAccount(name)
  if (known) return known
  const args = [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/usr/sbin/nologin',
  ]
  // Another platform may make it at the same moment: what counts is that it is there.
  const failure = await run('useradd', [...args, '--', name]).catch((error: unknown) => error)
  const made = await findAccount(name)
  if (!made) throw new AppError('host_failed', `The user ${name} could not be made.`, { cause: failure })
  return made
}
