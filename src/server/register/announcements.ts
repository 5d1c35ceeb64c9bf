import type { Selectable } from 'kysely'
import type { Queries } from './register.js'
import type { AnnouncementsTable } from './schema.js'

export type AnnouncementRow = Selectable<AnnouncementsTable>

/** The newest first. */
export function listAnnouncements(queries: Queries): Promise<AnnouncementRow[]> {
  return queries.selectFrom('announcements').selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc').execute()
}

export async function insertAnnouncement(queries: Queries, row: AnnouncementRow): Promise<void> {
  await queries.insertInto('announcements').values(row).execute()
}

/** Answers whether there was one. */
export async function updateAnnouncement(
  queries: Queries,
  id: string,
  change: Omit<AnnouncementRow, 'id' | 'created_at'>,
): Promise<boolean> {
  const done = await queries.updateTable('announcements').set(change).where('id', '=', id).executeTakeFirst()
  return done.numUpdatedRows > 0n
}

/** Answers whether there was one. */
export async function deleteAnnouncement(queries: Queries, id: string): Promise<boolean> {
  const gone = await queries.deleteFrom('announcements').where('id', '=', id).executeTakeFirst()
  return gone.numDeletedRows > 0n
}
