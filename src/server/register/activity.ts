import type { Selectable } from 'kysely'
import type { Queries } from './register.js'
import type { ActivityTable } from './schema.js'

export type ActRow = Selectable<ActivityTable>
/** A place in the list, which is ordered by time and id. */
export type ActPlace = Pick<ActRow, 'at' | 'id'>
/** Which acts are meant; absent: whatever. `uuid`: of that very site. */
export interface ActsWanted {
  uuid?: string | undefined
  site?: string | undefined
  by?: string | undefined
}

export async function insertAct(queries: Queries, row: ActRow): Promise<void> {
  await queries.insertInto('activity').values(row).execute()
}

/** The newest that are older than a place, at most `count`. */
export function listActs(
  queries: Queries,
  { uuid, site, by }: ActsWanted,
  count: number,
  before?: ActPlace,
): Promise<ActRow[]> {
  let query = queries.selectFrom('activity').selectAll().orderBy('at', 'desc').orderBy('id', 'desc').limit(count)
  if (uuid !== undefined) query = query.where('site_uuid', '=', uuid)
  if (site !== undefined) query = query.where('site', '=', site)
  if (by !== undefined) query = query.where('by', '=', by)
  if (before)
    query = query.where((is) =>
      is.or([is('at', '<', before.at), is.and([is('at', '=', before.at), is('id', '<', before.id)])]),
    )
  return query.execute()
}

/** Forgets what is older than that time. */
export async function pruneActs(queries: Queries, before: string): Promise<void> {
  await queries.deleteFrom('activity').where('at', '<', before).execute()
}

/** Forgets all but the newest of one site. */
export async function trimActs(queries: Queries, uuid: string, count: number): Promise<void> {
  const [last] = await queries
    .selectFrom('activity')
    .select(['at', 'id'])
    .where('site_uuid', '=', uuid)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .offset(count)
    .limit(1)
    .execute()
  if (last) await queries.deleteFrom('activity').where('site_uuid', '=', uuid).where('at', '<=', last.at).execute()
}
