import type { Selectable } from 'kysely'
import type { Queries } from './register.js'
import type { TokensTable } from './schema.js'

export type TokenRecord = Selectable<TokensTable>

export async function insertToken(queries: Queries, token: TokenRecord): Promise<void> {
  await queries.insertInto('tokens').values(token).execute()
}

export function findTokenByHash(queries: Queries, hash: string): Promise<TokenRecord | undefined> {
  return queries.selectFrom('tokens').selectAll().where('hash', '=', hash).executeTakeFirst()
}

export function findToken(queries: Queries, id: string): Promise<TokenRecord | undefined> {
  return queries.selectFrom('tokens').selectAll().where('id', '=', id).executeTakeFirst()
}

/** A person's tokens, newest first. */
export function listTokens(queries: Queries, login: string): Promise<TokenRecord[]> {
  return queries.selectFrom('tokens').selectAll().where('login', '=', login).orderBy('created_at', 'desc').execute()
}

export async function noteTokenUse(queries: Queries, id: string, at: string, from: string): Promise<void> {
  await queries.updateTable('tokens').set({ last_used_at: at, last_used_from: from }).where('id', '=', id).execute()
}

/** Deletes one token of a person, or all of them; answers the ids of those that were there. */
export async function deleteTokens(queries: Queries, login: string, id?: string): Promise<string[]> {
  let query = queries.deleteFrom('tokens').where('login', '=', login)
  if (id !== undefined) query = query.where('id', '=', id)
  return (await query.returning('id').execute()).map((row) => row.id)
}

export async function deleteExpiredTokens(queries: Queries, now: string): Promise<void> {
  await queries.deleteFrom('tokens').where('expires_at', '<', now).execute()
}
