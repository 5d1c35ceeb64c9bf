import { chmod, chown, lstat, mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../model/errors.js'
import type { Account } from './accounts.js'
import type { Paths } from './paths.js'

export interface Folder {
  path: string
  mode: number
  uid: number
  gid: number
}

/** Every folder that must be there before the agent and the server start, parents first. */
export function planFolders(paths: Paths, server: Account, proxy: Account): Folder[] {
  const root = (path: string, mode: number): Folder => ({ path, mode, uid: 0, gid: 0 })
  const { lib, run, log } = paths
  return [
    ...(paths.root ? [root(paths.root, 0o711)] : []),
    root(lib, 0o711),
    root(join(lib, 'agent'), 0o700),
    { path: join(lib, 'register'), mode: 0o700, uid: server.uid, gid: server.gid },
    { path: join(lib, 'certificates'), mode: 0o750, uid: server.uid, gid: proxy.gid },
    { path: join(lib, 'proxy'), mode: 0o750, uid: server.uid, gid: proxy.gid },
    // The server makes its sockets here; sticky, so that it cannot put a file of its own in the place of one of root's. What root writes again and again
    // is in folders of root's that are there before the server first runs: a link laid in wait leads nowhere.
    { path: run, mode: 0o1771, uid: 0, gid: server.gid },
    root(join(run, 'up'), 0o700),
    root(join(run, 'containers'), 0o700),
    { path: join(run, 'proxy'), mode: 0o750, uid: proxy.uid, gid: proxy.gid },
    root(log, 0o711),
    // The front proxy writes here, the server moves aside what is full.
    { path: join(log, 'proxy'), mode: 0o770, uid: server.uid, gid: proxy.gid },
    root(join(log, 'sites'), 0o700),
  ]
}

/** Makes a folder with its parents, or sets owner and mode of one that is there. AppError when something else stands there. */
export async function ensureFolder({ path, mode, uid, gid }: Folder): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 })
  await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  const found = await lstat(path)
  if (!found.isDirectory()) throw new AppError('conflict', `${path} is in the way: it is not a folder.`)
  if (found.uid !== uid || found.gid !== gid) await chown(path, uid, gid)
  if ((found.mode & 0o7777) !== mode) await chmod(path, mode)
}

/** The first part of a path that other users may not pass through, or undefined. What is not there yet is no barrier. */
export async function findBarrier(path: string): Promise<string | undefined> {
  const above = dirname(path) === path ? undefined : await findBarrier(dirname(path))
  if (above !== undefined) return above
  const found = await stat(path).catch(() => undefined)
  return found && (found.mode & 0o001) === 0 ? path : undefined
}
