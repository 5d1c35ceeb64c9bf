import type { Selectable, Updateable } from 'kysely'
import type { Queries } from './register.js'
import type { SessionsTable } from './schema.js'

export type SessionRecord = Selectable<SessionsTable>

export async function insertSession(queries: Queries, session: SessionRecord): Promise<void> {
  await queries.insertInto('sessions').values(session).execute()
}

/** The session of a token, or of the one before its last rotation while that is still good. */
export function findSessionByHash(queries: Queries, hash: string, now: string): Promise<SessionRecord | undefined> {
  return queries
    .selectFrom('sessions')
    .selectAll()
    .where((is) =>
      is.or([is('token_hash', '=', hash), is.and([is('previous_hash', '=', hash), is('previous_until', '>', now)])]),
    )
    .executeTakeFirst()
}

export function findSession(queries: Queries, id: string): Promise<SessionRecord | undefined> {
  return queries.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst()
}

/** A person's sessions, the one used last first. */
export function listSessionsOf(queries: Queries, login: string): Promise<SessionRecord[]> {
  return queries.selectFrom('sessions').selectAll().where('login', '=', login).orderBy('seen_at', 'desc').execute()
}

export async function updateSession(queries: Queries, id: string, change: Updateable<SessionsTable>): Promise<void> {
  await queries.updateTable('sessions').set(change).where('id', '=', id).execute()
}

export async function deleteSession(queries: Queries, id: string): Promise<void> {
  await queries.deleteFrom('sessions').where('id', '=', id).execute()
}

/** Deletes every session of a person; answers their ids. */
export async function deleteSessionsOf(queries: Queries, login: string): Promise<string[]> {
  const rows = await queries.deleteFrom('sessions').where('login', '=', login).returning('id').execute()
  return rows.map((row) => row.id)
}

/** Deletes sessions that nobody used since `idleBefore` or that began before `startedBefore`; answers their ids. */
export async function deleteOldSessions(
  queries: Queries,
  idleBefore: string,
  startedBefore: string,
): Promise<string[]> {
  const rows = await queries
    .deleteFrom('sessions')
    .where((is) => is.or([is('seen_at', '<', idleBefore), is('created_at', '<', startedBefore)]))
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

export function listSessions(queries: Queries): Promise<SessionRecord[]> {
  return queries.selectFrom('sessions').selectAll().execute()
}
