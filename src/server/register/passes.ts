import type { Selectable } from 'kysely'
import type { Queries } from './register.js'
import type { PassesTable } from './schema.js'

type PassRecord = Selectable<PassesTable>

/** In place of what that session had for the host. */
export async function replacePass(queries: Queries, pass: PassRecord): Promise<void> {
  await queries.deleteFrom('passes').where('session', '=', pass.session).where('host', '=', pass.host).execute()
  await queries.insertInto('passes').values(pass).execute()
}

export function findPass(queries: Queries, hash: string, host: string): Promise<PassRecord | undefined> {
  return queries
    .selectFrom('passes')
    .selectAll()
    .where('token_hash', '=', hash)
    .where('host', '=', host)
    .executeTakeFirst()
}

export async function deletePassesOf(queries: Queries, site: string): Promise<void> {
  await queries.deleteFrom('passes').where('site', '=', site).execute()
}
