import { chmod, chown, lstat, mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../model/errors.js'
import { FOLDERS, type Holder } from '../../model/installation.js'
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
  const holders: Record<Holder, { uid: number; gid: number }> = { root: { uid: 0, gid: 0 }, server, proxy }
  return [
    ...(paths.root ? [{ path: paths.root, mode: 0o711, uid: 0, gid: 0 }] : []),
    ...FOLDERS.map(({ below, path, mode, owner, group }) => ({
      path: join(paths[below], path),
      mode,
      uid: holders[owner].uid,
      gid: holders[group].gid,
    })),
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
