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
  const temporary = join(folder, `.new-${randomBytes(4).toString('hex')}`)
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
  const old = (await listVersions(folder)).slice(keep)
  for (const path of [...old, ...(await findHalfMade(folder))]) await rm(path, { recursive: true, force: true })
}

// Making one takes well under a second; another process may be at it now.
const HALF_MADE_AGE_MS = 600_000

async function findHalfMade(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(ignoreAbsent)).filter((name) => name.startsWith('.new-'))
  const found = []
  for (const path of names.map((name) => join(folder, name))) {
    const mtimeMs = (await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now()
    if (Date.now() - mtimeMs > HALF_MADE_AGE_MS) found.push(path)
  }
  return found
}

function ignoreAbsent(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return []
  throw error
}
