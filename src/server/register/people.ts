import type { Selectable, Updateable } from 'kysely'
import { DEFAULT_QUOTA, type Quota } from '../../model/limits.js'
import type { Queries } from './register.js'
import type { PeopleTable } from './schema.js'

export type PersonRecord = Selectable<PeopleTable>

const NOBODY: Omit<PersonRecord, 'login' | 'name'> = {
  administrator: 0,
  creator: 0,
  decision: 'group',
  quota_sites: null,
  quota_cpu_milli: null,
  quota_memory_bytes: null,
  quota_disk_bytes: null,
  reason: null,
  last_sign_in_at: null,
  directory_id: null,
  gone_at: null,
}

/** What is known of a person; somebody unknown has no right and the default quota. */
export async function readPerson(queries: Queries, login: string): Promise<PersonRecord> {
  const row = await queries.selectFrom('people').selectAll().where('login', '=', login).executeTakeFirst()
  return row ?? { login, name: login, ...NOBODY }
}

export async function hasPerson(queries: Queries, login: string): Promise<boolean> {
  return (
    (await queries.selectFrom('people').select('login').where('login', '=', login).executeTakeFirst()) !== undefined
  )
}

export function listPeople(queries: Queries): Promise<PersonRecord[]> {
  return queries.selectFrom('people').selectAll().orderBy('login').execute()
}

/** Writes what changed; the row is made when there is none. */
export async function savePerson(queries: Queries, login: string, change: Updateable<PeopleTable>): Promise<void> {
  await queries
    .insertInto('people')
    .values({ ...change, login, name: typeof change.name === 'string' ? change.name : login })
    .onConflict((conflict) => conflict.column('login').doUpdateSet({ ...change, login }))
    .execute()
}

/** The person's quota: the default, overridden where an administrator did. */
export function quotaOf(person: PersonRecord): Quota {
  return {
    sites: person.quota_sites ?? DEFAULT_QUOTA.sites,
    cpuMilli: person.quota_cpu_milli ?? DEFAULT_QUOTA.cpuMilli,
    memoryBytes: person.quota_memory_bytes ?? DEFAULT_QUOTA.memoryBytes,
    diskBytes: person.quota_disk_bytes ?? DEFAULT_QUOTA.diskBytes,
  }
}

/** Whether an administrator set any part of the quota. */
export function hasOwnQuota(person: PersonRecord): boolean {
  const { quota_sites, quota_cpu_milli, quota_memory_bytes, quota_disk_bytes } = person
  return [quota_sites, quota_cpu_milli, quota_memory_bytes, quota_disk_bytes].some((part) => part !== null)
}

/** Whether the person may create sites: an administrator's decision, else the directory's groups. */
export function mayCreate(person: Pick<PersonRecord, 'administrator' | 'creator' | 'decision'>): boolean {
  if (person.decision !== 'group') return person.decision === 'allowed'
  return person.creator === 1 || person.administrator === 1
}
