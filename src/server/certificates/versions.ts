import { randomBytes } from 'node:crypto'
import { readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ensureFolder, sync } from './group-files.js'

const VERSION = /^\d{6}$/

/** Folders of complete versions below `folder`, newest first: each was renamed into place only when all its files were there. */
export async function listVersions(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(ignoreAbsent)
  return names
    .filter((name) => VERSION.test(name))
    .sort()
    .reverse()
    .map((name) => join(folder, name))
}

/**
 * Adds a version: `fill` writes its files into a folder that nobody looks at, which then gets the next number in one step. Answers the folder: another's, when
 * another was first to take that number.
 */
export async function addVersion(
  folder: string,
  mode: number,
  fill: (temporary: string) => Promise<void>,
): Promise<string> {
  await ensureFolder(folder, mode)
  const [newest] = await listVersions(folder)
  const version = join(folder, String(Number(newest ? basename(newest) : 0) + 1).padStart(6, '0'))
  const temporary = join(folder, `.new-${process.pid}-${randomBytes(4).toString('hex')}`)
  try {
    await ensureFolder(temporary, mode)
    await fill(temporary)
    await sync(temporary)
    await rename(temporary, version)
    await sync(folder)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error
  }
  return version
}

/** Removes all but the newest versions, and what a crash left half made before them. */
export async function pruneVersions(folder: string, keep: number): Promise<void> {
  for (const path of (await listVersions(folder)).slice(keep)) await rm(path, { recursive: true, force: true })
  await pruneHalfMade(folder)
}

/** Removes what a process that is no more left half made. */
export async function pruneHalfMade(folder: string): Promise<void> {
  for (const path of await findHalfMade(folder)) await rm(path, { recursive: true, force: true })
}

// Making one takes well under a second; another process may be at it now.
const HALF_MADE_AGE_MS = 600_000

async function findHalfMade(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(ignoreAbsent)).filter((name) => name.startsWith('.new-'))
  const found = []
  for (const path of names.map((name) => join(folder, name))) {
    const mtimeMs = (await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now()
    if (!isThere(makerOf(path)) || Date.now() - mtimeMs > HALF_MADE_AGE_MS) found.push(path)
  }
  return found
}

const makerOf = (path: string): number => Number(/^\.new-(\d+)-/.exec(basename(path))?.[1] ?? process.pid)

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is another user's now.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

function ignoreAbsent(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return []
  throw error
}
