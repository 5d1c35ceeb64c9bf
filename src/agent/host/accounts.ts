import { AppError } from '../../model/errors.js'
import { run } from './run.js'

export interface Account {
  uid: number
  gid: number
}

/** A user of the host and the user's first group (getent(1)). AppError `host_failed`. */
export async function getAccount(user: string): Promise<Account> {
  const { stdout } = await run('getent', ['passwd', '--', user], { accept: [0, 2] })
  const [, , uid, gid] = stdout.trim().split(':')
  if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  throw new AppError('host_failed', `there is no user ${user} on this machine`, { hint: 'ruche up makes it.' })
}
