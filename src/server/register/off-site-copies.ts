import type { Insertable, Selectable, Updateable } from 'kysely'
import type { OffSiteCheck } from '../../model/off-site.js'
import type { Queries } from './register.js'
import type { OffSiteCopiesTable } from './schema.js'

export type CopyRow = Selectable<OffSiteCopiesTable>

/** How the copies stand: of one site, or all. */
export async function listCopyRows(queries: Queries, uuid?: string): Promise<CopyRow[]> {
  const query = queries.selectFrom('off_site_copies').selectAll().orderBy('created_at', 'desc')
  return (uuid === undefined ? query : query.where('site_uuid', '=', uuid)).execute()
}

export async function insertCopyRow(queries: Queries, row: Insertable<OffSiteCopiesTable>): Promise<void> {
  await queries
    .insertInto('off_site_copies')
    .values(row)
    .onConflict((conflict) => conflict.columns(['site_uuid', 'backup']).doNothing())
    .execute()
}

type Key = Pick<CopyRow, 'site_uuid' | 'backup'>

export async function updateCopyRow(
  queries: Queries,
  { site_uuid, backup }: Key,
  values: Updateable<OffSiteCopiesTable>,
): Promise<void> {
  await queries
    .updateTable('off_site_copies')
    .set(values)
    .where('site_uuid', '=', site_uuid)
    .where('backup', '=', backup)
    .execute()
}

export async function deleteCopyRow(queries: Queries, { site_uuid, backup }: Key): Promise<void> {
  await queries.deleteFrom('off_site_copies').where('site_uuid', '=', site_uuid).where('backup', '=', backup).execute()
}

/** Says that copies shall go: of all of a site's backups, or one. */
export async function markLeaving(queries: Queries, uuid: string, backup?: string): Promise<void> {
  const query = queries.updateTable('off_site_copies').set({ leaving: 1 }).where('site_uuid', '=', uuid)
  await (backup === undefined ? query : query.where('backup', '=', backup)).execute()
}

export async function findLastCheck(queries: Queries): Promise<OffSiteCheck | undefined> {
  const row = await queries.selectFrom('off_site_checks').selectAll().orderBy('at', 'desc').executeTakeFirst()
  return row && { at: row.at, ...(row.reason !== null && { reason: row.reason }) }
}

/** Only the last one is kept. */
export async function keepCheck(queries: Queries, { at, reason }: OffSiteCheck): Promise<void> {
  await queries.deleteFrom('off_site_checks').execute()
  await queries
    .insertInto('off_site_checks')
    .values({ at, reason: reason ?? null })
    .execute()
}
