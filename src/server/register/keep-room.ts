import { open, rm } from 'node:fs/promises'
import type { SqliteDatabase } from 'kysely'

/** Enough for thousands of sessions and operations. */
const ROOM_BYTES = 4 * 1024 ** 2
const PLACE_BYTES = 8 * 1024 ** 2

/** Lets go of the place that an earlier server kept: opening a database may need some when the disk is full. */
export async function freePlace(file: string): Promise<void> {
  await rm(placeOf(file), { force: true })
}

/**
 * So that people can still sign in, stop and delete when the disk is full: the file gets free pages, and its journal, which SQLite writes over from the
 * beginning after each checkpoint, gets as long as that; later writes need no new block. The place beside is for the next server's start. What of
 * it the disk cannot give now stays undone.
 */
export async function keepRoom(database: SqliteDatabase, file: string): Promise<void> {
  try {
    database.prepare('create table if not exists room (bytes blob)').run([])
    database.prepare('insert into room values (zeroblob(?))').run([ROOM_BYTES])
  } catch {
    // SQLITE_FULL: nothing of it was done.
  }
  try {
    database.prepare('drop table if exists room').run([])
    database.prepare('pragma wal_checkpoint(restart)').all([])
    await takePlace(placeOf(file))
  } catch {
    await freePlace(file)
  }
}

const placeOf = (file: string): string => `${file}-place`

// Written, not only sized: a hole takes no block.
async function takePlace(path: string): Promise<void> {
  const place = await open(path, 'w', 0o600)
  try {
    await place.writeFile(Buffer.alloc(PLACE_BYTES))
    await place.sync()
  } finally {
    await place.close()
  }
}
