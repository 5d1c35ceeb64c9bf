import type { Selectable } from 'kysely'
import type { Queries } from './register.js'
import type { NamesTable } from './schema.js'

/** A name that was, or is about to be, told to the DNS server. */
export type NameRecord = Selectable<NamesTable>

export function listNames(queries: Queries): Promise<NameRecord[]> {
  return queries.selectFrom('names').selectAll().orderBy('name').execute()
}

/** Remembers names before the server is told of them: what a crash leaves behind is found again. Those that are there stay as they are. */
export async function rememberNames(queries: Queries, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  await queries
    .insertInto('names')
    .values(names.map((name) => ({ name })))
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
}

/** What the server confirmed for a name; null: not known any more. */
export async function confirmNames(
  queries: Queries,
  names: readonly string[],
  content: string | null,
  at: string,
): Promise<void> {
  await queries.updateTable('names').set({ content, updated_at: at }).where('name', 'in', names).execute()
}

export async function forgetNames(queries: Queries, names: readonly string[]): Promise<void> {
  await queries.deleteFrom('names').where('name', 'in', names).execute()
}
