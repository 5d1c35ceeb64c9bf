import type { Insertable, Selectable, Updateable } from 'kysely'
import type { Limits } from '../../model/limits.js'
import type { Stack } from '../../model/stack.js'
import { mapShares, type Share } from './collaborators.js'
import { type DomainRecord, listAllDomains, listDomains } from './domains.js'
import { type KeyRecord, mapKeys } from './keys.js'
import type { Queries } from './register.js'
import type { SitesTable } from './schema.js'

/** A site as the register holds it, with its own domain names in their order and the people who work on it. */
export interface SiteRecord extends Omit<Selectable<SitesTable>, 'sftp_keys' | 'packages'> {
  stack: Stack
  limits: Limits
  /** Keys that open it whoever has them: the site's own. */
  keys: string[]
  packages: string[]
  /** Keys of the owner and of those who may change what is in it, as far as the directory lets them in. */
  peopleKeys: KeyRecord[]
  collaborators: Share[]
  /** Names of its own that are proven, so that it is served under them. */
  domains: string[]
  /** Names that it asks for, and that are not proven. */
  claims: string[]
}

export async function findSite(queries: Queries, name: string): Promise<SiteRecord | undefined> {
  const row = await queries.selectFrom('sites').selectAll().where('name', '=', name).executeTakeFirst()
  if (!row) return undefined
  const domains = await listDomains(queries, name)
  const collaborators = (await mapShares(queries, name)).get(name) ?? []
  const keys = await mapKeys(queries, insiders(row.owner, collaborators))
  return asRecord(row, { domains, collaborators, keys })
}

/** The own ids of the sites that are there of those names; at most 1,000. */
export async function listUuids(queries: Queries, names: string[]): Promise<{ name: string; uuid: string }[]> {
  if (names.length === 0) return []
  return queries.selectFrom('sites').select(['name', 'uuid']).where('name', 'in', names.slice(0, 1000)).execute()
}

/** Whose each site is, without what belongs to it. */
export function listOwners(
  queries: Queries,
): Promise<Pick<SiteRecord, 'name' | 'uuid' | 'owner' | 'lifecycle' | 'created_at'>[]> {
  return queries
    .selectFrom('sites')
    .select(['name', 'uuid', 'owner', 'lifecycle', 'created_at'])
    .orderBy('name')
    .execute()
}

/** Every site, or those of one owner, oldest first. */
export async function listSites(queries: Queries, owner?: string): Promise<SiteRecord[]> {
  let query = selectSites(queries)
  if (owner !== undefined) query = query.where('owner', '=', owner)
  return complete(queries, await query.execute())
}

const selectSites = (queries: Queries) =>
  queries.selectFrom('sites').selectAll('sites').orderBy('created_at').orderBy('name')

async function complete(queries: Queries, rows: Selectable<SitesTable>[]): Promise<SiteRecord[]> {
  if (rows.length === 0) return []
  const bySite = groupBySite(await listAllDomains(queries))
  const shares = await mapShares(queries)
  const keys = await mapKeys(queries)
  return rows.map((row) =>
    asRecord(row, { domains: bySite.get(row.name) ?? [], collaborators: shares.get(row.name) ?? [], keys }),
  )
}

/** Every site that a person works on: the own ones and those that are shared with them, oldest first. */
export async function listSitesWith(queries: Queries, login: string): Promise<SiteRecord[]> {
  const query = selectSites(queries).where((is) =>
    is.or([
      is('owner', '=', login),
      is('name', 'in', is.selectFrom('collaborators').select('site').where('login', '=', login)),
    ]),
  )
  return complete(queries, await query.execute())
}

/** Those who may change what is in a site. */
export function insiders(owner: string, shares: readonly Share[]): string[] {
  return [owner, ...shares.filter(({ right }) => right !== 'view').map(({ login }) => login)]
}

function groupBySite(domains: DomainRecord[]): Map<string, DomainRecord[]> {
  const bySite = new Map<string, DomainRecord[]>()
  for (const domain of domains) bySite.set(domain.site, [...(bySite.get(domain.site) ?? []), domain])
  return bySite
}

export async function insertSite(queries: Queries, site: Insertable<SitesTable>): Promise<void> {
  await queries.insertInto('sites').values(site).execute()
}

export async function updateSite(queries: Queries, name: string, change: Updateable<SitesTable>): Promise<void> {
  await queries.updateTable('sites').set(change).where('name', '=', name).execute()
}

export async function deleteSite(queries: Queries, name: string): Promise<void> {
  await queries.deleteFrom('sites').where('name', '=', name).execute()
}

/** Columns of limits. */
export function limitColumns(limits: Limits): Pick<SitesTable, 'cpu_milli' | 'memory_bytes' | 'disk_bytes' | 'pids'> {
  const { cpuMilli, memoryBytes, diskBytes, pids } = limits
  return { cpu_milli: cpuMilli, memory_bytes: memoryBytes, disk_bytes: diskBytes, pids }
}

interface Beside {
  domains: DomainRecord[]
  collaborators: Share[]
  keys: Map<string, KeyRecord[]>
}

/** Completes the row itself: copying its many columns costs more than reading them, and every site is read several times a minute. */
function asRecord(row: Selectable<SitesTable>, { domains, collaborators, keys }: Beside): SiteRecord {
  return Object.assign(row, {
    stack: { server: row.server, language: row.language, database: row.database },
    limits: {
      cpuMilli: row.cpu_milli,
      memoryBytes: row.memory_bytes,
      diskBytes: row.disk_bytes,
      pids: row.pids,
    },
    keys: JSON.parse(row.sftp_keys) as string[],
    packages: JSON.parse(row.packages) as string[],
    peopleKeys: insiders(row.owner, collaborators).flatMap((login) => keys.get(login) ?? []),
    collaborators,
    domains: domains.filter(({ proof }) => proof !== null).map(({ name }) => name),
    claims: domains.filter(({ proof }) => proof === null).map(({ name }) => name),
  }) as SiteRecord
}
