import type { Selectable } from 'kysely'
import type { Queries } from './register.js'
import type { KeysTable } from './schema.js'

export type KeyRecord = Selectable<KeysTable>

/** A person's keys, oldest first. */
export function listKeys(queries: Queries, login: string): Promise<KeyRecord[]> {
  return queries.selectFrom('keys').selectAll().where('login', '=', login).orderBy('added_at').orderBy('id').execute()
}

export async function insertKey(queries: Queries, key: KeyRecord): Promise<void> {
  await queries.insertInto('keys').values(key).execute()
}

/** False when the person has no such key. */
export async function deleteKey(queries: Queries, login: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await queries
    .deleteFrom('keys')
    .where('login', '=', login)
    .where('id', '=', id)
    .executeTakeFirst()
  return numDeletedRows > 0
}

export async function deleteKeysOf(queries: Queries, login: string): Promise<void> {
  await queries.deleteFrom('keys').where('login', '=', login).execute()
}

/** Keys of people whom the directory lets in, by login. */
export async function mapKeys(queries: Queries, logins?: string[]): Promise<Map<string, KeyRecord[]>> {
  let query = queries
    .selectFrom('keys')
    .leftJoin('people', 'people.login', 'keys.login')
    .selectAll('keys')
    .where('people.gone_at', 'is', null)
    .orderBy('keys.added_at')
    .orderBy('keys.id')
  if (logins) query = query.where('keys.login', 'in', logins)
  const byLogin = new Map<string, KeyRecord[]>()
  for (const key of await query.execute()) byLogin.set(key.login, [...(byLogin.get(key.login) ?? []), key])
  return byLogin
}
