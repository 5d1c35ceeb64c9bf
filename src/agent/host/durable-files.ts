import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type * as z from 'zod'
import { check } from '../../model/check.js'
import { AppError } from '../../model/errors.js'

/** End of the names of half-written files, which begin with a dot. */
const TEMPORARY_SUFFIX = '.tmp'

/**
 * Replaces a file so that after a power loss either the old or the new content is there, whole, and once this returns the new one is
 * (rename(2), fsync(2) of the file and of its folder). `mode` is exact, not masked. Errors: those of the file system.
 */
export async function writeDurably(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}${TEMPORARY_SUFFIX}`)
  try {
    await writeAndSync(temporary, content, mode)
    await rename(temporary, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Removes what earlier processes left half-written in a folder; nobody may be writing there now. */
export async function sweepTemporaries(folder: string): Promise<void> {
  const left = (await readdir(folder)).filter((name) => name.startsWith('.') && name.endsWith(TEMPORARY_SUFFIX))
  for (const name of left) await rm(join(folder, name), { force: true })
}

async function writeAndSync(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(content)
    await file.chmod(mode)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** rename(2) to a name that was free; it has reached the disk in both folders when it returns, and is taken back when that fails. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to)
  try {
    await syncFolder(dirname(to))
    if (dirname(from) !== dirname(to)) await syncFolder(dirname(from))
  } catch (error) {
    await rename(to, from)
    throw error
  }
}

/** mkdir(2) with the missing parents, and fsync of the folder that got it. */
export async function makeFolderDurably(path: string, mode: number): Promise<void> {
  await mkdir(path, { recursive: true, mode })
  await syncFolder(dirname(path))
}

/** Makes what happened to the names in a folder last (fsync(2) of a folder). */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** The checked value of a JSON file, or undefined when there is no such file. AppError `internal` when it is not what the schema says. */
export async function findJson<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S> | undefined> {
  const text = await findText(path)
  if (text === undefined) return undefined
  try {
    return check(schema, JSON.parse(text), basename(path))
  } catch (error) {
    throw new AppError('internal', `${basename(path)} cannot be understood`, {
      hint: 'It was changed by hand or damaged; it is left as it is.',
      cause: new Error(path, { cause: error }),
    })
  }
}

/** A file's text, or undefined when there is no such file. */
export async function findText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
