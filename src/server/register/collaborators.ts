import type { Selectable } from 'kysely'
import type { CollaboratorRight } from '../../model/collaborator.js'
import type { Queries } from './register.js'
import type { CollaboratorsTable } from './schema.js'

/** What somebody besides the owner may do with a site. */
export interface Share {
  login: string
  right: CollaboratorRight
}

export type CollaboratorRecord = Selectable<CollaboratorsTable> & { name: string }

/** Those with whom a site is shared, as the register knows them, in the order of their logins. */
export async function listCollaborators(queries: Queries, site: string): Promise<CollaboratorRecord[]> {
  const rows = await queries
    .selectFrom('collaborators')
    .leftJoin('people', 'people.login', 'collaborators.login')
    .selectAll('collaborators')
    .select('people.name as name')
    .where('collaborators.site', '=', site)
    .orderBy('collaborators.login')
    .execute()
  return rows.map((row) => ({ ...row, name: row.name ?? row.login }))
}

/** Writes a person's right on a site; one who has another gets this one. */
export async function saveCollaborator(queries: Queries, row: CollaboratorsTable): Promise<void> {
  await queries
    .insertInto('collaborators')
    .values(row)
    .onConflict((conflict) => conflict.columns(['site', 'login']).doUpdateSet({ right: row.right }))
    .execute()
}

export async function deleteCollaborator(queries: Queries, site: string, login: string): Promise<void> {
  await queries.deleteFrom('collaborators').where('site', '=', site).where('login', '=', login).execute()
}

/** Takes a person out of every site that is another's. */
export async function deleteCollaborationsOf(queries: Queries, login: string): Promise<void> {
  await queries.deleteFrom('collaborators').where('login', '=', login).execute()
}

/** Every share of these sites, or of all, by site. */
export async function mapShares(queries: Queries, site?: string): Promise<Map<string, Share[]>> {
  let query = queries.selectFrom('collaborators').select(['site', 'login', 'right']).orderBy('login')
  if (site !== undefined) query = query.where('site', '=', site)
  const bySite = new Map<string, Share[]>()
  for (const { site: name, login, right } of await query.execute())
    bySite.set(name, [...(bySite.get(name) ?? []), { login, right }])
  return bySite
}
