import type { Selectable, Updateable } from 'kysely'
import type { Queries } from './register.js'
import type { DomainsTable, ReleasedNamesTable } from './schema.js'

/** A domain name of a site's own. */
export type DomainRecord = Selectable<DomainsTable>

/** Those of one site, in their order. */
export function listDomains(queries: Queries, site: string): Promise<DomainRecord[]> {
  return queries.selectFrom('domains').selectAll().where('site', '=', site).orderBy('position').execute()
}

export function listAllDomains(queries: Queries): Promise<DomainRecord[]> {
  return queries.selectFrom('domains').selectAll().orderBy('position').execute()
}

export function findDomain(queries: Queries, name: string): Promise<DomainRecord | undefined> {
  return queries.selectFrom('domains').selectAll().where('name', '=', name).executeTakeFirst()
}

/** The site that serves a domain name of its own, or undefined. */
export async function findSiteOfDomain(queries: Queries, name: string): Promise<string | undefined> {
  const row = await findDomain(queries, name)
  return row?.proof ? row.site : undefined
}

/** After the others of its site. A name of another site is a conflict by the table's key. */
export async function insertDomain(
  queries: Queries,
  domain: Pick<DomainRecord, 'name' | 'site' | 'proof' | 'created_at'>,
): Promise<void> {
  const others = await listDomains(queries, domain.site)
  const position = (others.at(-1)?.position ?? 0) + 1
  await queries
    .insertInto('domains')
    .values({ ...domain, position })
    .execute()
}

export async function updateDomain(queries: Queries, name: string, change: Updateable<DomainsTable>): Promise<void> {
  await queries.updateTable('domains').set(change).where('name', '=', name).execute()
}

export async function deleteDomain(queries: Queries, name: string): Promise<void> {
  await queries.deleteFrom('domains').where('name', '=', name).execute()
}

/** Whose a name was that was given up lately. */
export type ReleasedName = Selectable<ReleasedNamesTable>

export async function releaseNames(queries: Queries, released: readonly ReleasedName[]): Promise<void> {
  for (const one of released) {
    await queries.deleteFrom('released_names').where('name', '=', one.name).execute()
    await queries.insertInto('released_names').values(one).execute()
  }
}

/** Undefined when nobody had it lately. */
export async function findReleased(queries: Queries, name: string, at: string): Promise<ReleasedName | undefined> {
  await queries.deleteFrom('released_names').where('until', '<=', at).execute()
  return queries.selectFrom('released_names').selectAll().where('name', '=', name).executeTakeFirst()
}

export async function listReleased(queries: Queries, at: string): Promise<ReleasedName[]> {
  return queries.selectFrom('released_names').selectAll().where('until', '>', at).orderBy('name').execute()
}
