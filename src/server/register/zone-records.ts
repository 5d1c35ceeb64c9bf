import type { Selectable } from 'kysely'
import type { RecordType } from '../../model/zone-record.js'
import type { Queries } from './register.js'
import type { ToldRecordsTable, ZoneRecordsTable } from './schema.js'

/** A record that was added for a site. */
export type ZoneRecordRow = Selectable<ZoneRecordsTable>
/** All records of one name and one type, as the DNS server was, or is about to be, told. */
export type ToldRecords = Selectable<ToldRecordsTable>
/** Which ones. */
export interface RecordKey {
  host: string
  type: RecordType
}

/** Those of one site, or of all. */
export function listZoneRecords(queries: Queries, site?: string): Promise<ZoneRecordRow[]> {
  const all = queries.selectFrom('zone_records').selectAll()
  const asked = site === undefined ? all : all.where('site', '=', site)
  return asked.orderBy('site').orderBy('name').orderBy('type').orderBy('created_at').orderBy('id').execute()
}

export async function insertZoneRecord(queries: Queries, row: ZoneRecordRow): Promise<void> {
  await queries.insertInto('zone_records').values(row).execute()
}

/** Answers whether the site had it. */
export async function deleteZoneRecord(queries: Queries, site: string, id: string): Promise<boolean> {
  const gone = await queries.deleteFrom('zone_records').where('site', '=', site).where('id', '=', id).executeTakeFirst()
  return gone.numDeletedRows > 0n
}

export function listToldRecords(queries: Queries): Promise<ToldRecords[]> {
  return queries.selectFrom('told_records').selectAll().orderBy('host').orderBy('type').execute()
}

/** Remembers them before the server is told: what a crash leaves behind is found again. Those that are there stay as they are. */
export async function rememberRecords(
  queries: Queries,
  rows: readonly Pick<ToldRecords, 'host' | 'type' | 'platform_name'>[],
): Promise<void> {
  for (const { host, type, platform_name } of rows)
    await queries
      .insertInto('told_records')
      .values({ host, type, platform_name })
      .onConflict((conflict) => conflict.columns(['host', 'type']).doNothing())
      .execute()
}

/** What the server confirmed; null: not known any more. */
export async function confirmRecords(
  queries: Queries,
  rows: readonly (RecordKey & { content: string | null })[],
  at: string,
): Promise<void> {
  for (const { host, type, content } of rows)
    await queries
      .updateTable('told_records')
      .set({ content, updated_at: at })
      .where('host', '=', host)
      .where('type', '=', type)
      .execute()
}

export async function forgetRecords(queries: Queries, keys: readonly RecordKey[]): Promise<void> {
  for (const { host, type } of keys)
    await queries.deleteFrom('told_records').where('host', '=', host).where('type', '=', type).execute()
}
