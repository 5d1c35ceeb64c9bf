import type { Selectable } from 'kysely'
import type { Queries } from './register.js'
import type { TrashTable } from './schema.js'
import type { SiteRecord } from './sites.js'

/** A deleted site with what its row said. */
export interface TrashedSite extends Omit<Selectable<TrashTable>, 'site'> {
  site: SiteRecord
}

const asTrashed = (row: Selectable<TrashTable>): TrashedSite => ({ ...row, site: JSON.parse(row.site) as SiteRecord })

/** Newest first; all, or those of one owner. */
export async function listTrash(queries: Queries, owner?: string): Promise<TrashedSite[]> {
  let query = queries.selectFrom('trash').selectAll().orderBy('deleted_at', 'desc')
  if (owner !== undefined) query = query.where('owner', '=', owner)
  return (await query.execute()).map(asTrashed)
}

export async function findTrashed(queries: Queries, uuid: string): Promise<TrashedSite | undefined> {
  const row = await queries.selectFrom('trash').selectAll().where('uuid', '=', uuid).executeTakeFirst()
  return row && asTrashed(row)
}

/** There already: no change, so that a removal which was cut off can be gone on with. */
export async function insertTrashed(queries: Queries, site: SiteRecord, deletedAt: string): Promise<void> {
  const { uuid, name, owner } = site
  await queries
    .insertInto('trash')
    .values({ uuid, name, owner, deleted_at: deletedAt, site: JSON.stringify(site) })
    .onConflict((conflict) => conflict.column('uuid').doNothing())
    .execute()
}

/** From now on it is deleted for good, by the next round if not by this one. */
export async function expireTrashed(queries: Queries, uuid: string): Promise<void> {
  await queries
    .updateTable('trash')
    .set({ deleted_at: new Date(0).toISOString() })
    .where('uuid', '=', uuid)
    .execute()
}

export async function deleteTrashed(queries: Queries, uuid: string): Promise<void> {
  await queries.deleteFrom('trash').where('uuid', '=', uuid).execute()
}
