import { chmod, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { SqliteDatabase } from 'kysely'
import { AppError } from '../../model/errors.js'
import { freePlace, keepRoom } from './keep-room.js'
import { openSqlite } from './sqlite-facade.js'

const FILE = 'register.db'
const COPY = 'register.last.db'

/**
 * Opens the register's file in `folder`, and keeps a copy of it as it was at this start. A file that is damaged, or gone while there is a copy, is not
 * guessed at: sites that the register has forgotten would be strangers. AppError `host_failed`.
 */
export async function openRegisterFile(folder: string): Promise<SqliteDatabase> {
  const [file, copy] = [join(folder, FILE), join(folder, COPY)]
  await freePlace(file)
  const isEmpty = (await sizeOf(file)) === 0
  if (isEmpty && (await sizeOf(copy)) > 0) throw damaged('is gone', new Error(file))
  const database = await openSqlite(file).catch((cause: unknown) => {
    throw isDamage(cause) ? damaged('is damaged', cause) : cause
  })
  try {
    await assertWhole(database)
    if (!isEmpty) await keepCopy(database, copy)
    await keepRoom(database, file)
  } catch (error) {
    database.close()
    throw error
  }
  return database
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0
}

async function assertWhole(database: SqliteDatabase): Promise<void> {
  const found = readCheck(database)
  if (found !== 'ok') throw damaged('is damaged', new Error(found))
}

function readCheck(database: SqliteDatabase): string {
  try {
    const rows = database.prepare('pragma quick_check(1)').all([]) as { quick_check: string }[]
    return rows[0]?.quick_check ?? 'no answer'
  } catch (error) {
    if (isDamage(error)) return String(error)
    throw error
  }
}

/** SQLITE_CORRUPT, SQLITE_NOTADB; that somebody else holds it for a moment is no damage. */
const isDamage = (error: unknown): boolean => /malformed|not a database/i.test(String(error))

/** Whole or not at all (VACUUM INTO, sqlite.org/lang_vacuum.html). On a disk that is full the older copy stays: the server must start all the same. */
async function keepCopy(database: SqliteDatabase, copy: string): Promise<void> {
  const fresh = `${copy}.tmp`
  await rm(fresh, { force: true })
  try {
    database.prepare('vacuum into ?').run([fresh])
    await chmod(fresh, 0o600)
    await rename(fresh, copy)
  } catch (error) {
    await rm(fresh, { force: true })
    if (!/database or disk is full|ENOSPC/.test(String(error))) throw error
  }
}

function damaged(how: string, cause: unknown): AppError {
  return new AppError('host_failed', `The register ${how}; nothing was changed.`, {
    // A journal of the damaged file would be taken for the copy's own.
    hint: `Move ${FILE}, ${FILE}-wal and ${FILE}-shm away and put ${COPY} in their place: it is the register as it was when the server last started.`,
    cause,
  })
}
