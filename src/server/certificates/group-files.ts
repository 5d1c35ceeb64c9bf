import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../model/errors.js'

/** A new file with that exact mode and the group of its folder, on disk when this returns. */
export async function writeNewFile(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await setAccess(path, mode)
}

/** Replaces a file whole: a reader finds the old text or the new one. */
export async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`)
  try {
    await writeNewFile(temporary, text, mode)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await sync(dirname(path))
}

/** Gives a file or folder its exact mode and the group of the folder it lies in: the front proxy's, all the way down from a folder laid at installation. */
export async function setAccess(path: string, mode: number): Promise<void> {
  const [own, parent] = await Promise.all([stat(path), stat(dirname(path))])
  try {
    if (own.gid !== parent.gid) await chown(path, -1, parent.gid)
    // Untouched when right already: chmod(2) by a user outside the group would drop the bit that hands the group on.
    if ((own.mode & 0o777) !== mode) await chmod(path, (own.mode & 0o7000) | mode)
  } catch (error) {
    throw new AppError('host_failed', `The group of ${path} cannot be set.`, {
      hint: 'The server must be in the group of the front proxy.',
      cause: error,
    })
  }
}

/** A folder with that mode and the group of its parent; there already: only made right. */
export async function ensureFolder(path: string, mode: number): Promise<void> {
  await mkdir(path, { recursive: true, mode })
  await setAccess(path, mode)
}

/** A file that a program wrote: its mode, its group, and its content on disk. */
export async function finishFile(path: string, mode: number): Promise<void> {
  await setAccess(path, mode)
  await sync(path)
}

/** fsync(2) of a file, or of a folder so that what happened to its names lasts. */
export async function sync(path: string): Promise<void> {
  const opened = await open(path, 'r')
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}
