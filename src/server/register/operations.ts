import { type Selectable, sql } from 'kysely'
import { isAboutTemplates, OPERATION_KINDS, type Operation } from '../../model/operation.js'
import type { Queries } from './register.js'
import type { OperationsTable } from './schema.js'

const ABOUT_TEMPLATES = OPERATION_KINDS.filter(isAboutTemplates)

/** Writes an operation as it is now. */
export async function saveOperation(queries: Queries, operation: Operation): Promise<void> {
  const row = asRow(operation)
  const { id: _, ...change } = row
  await queries
    .insertInto('operations')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(change))
    .execute()
}

export async function findOperation(queries: Queries, id: string): Promise<Operation | undefined> {
  const row = await queries.selectFrom('operations').selectAll().where('id', '=', id).executeTakeFirst()
  return row && asOperation(row)
}

/** What somebody may see of operations: what they started, and what was about their sites since these exist; a name may have been another's before. */
export interface OwnOperations {
  by: string
  sites: { name: string; created_at: string }[]
}

/** The newest operations, at most `count`; all of them, or somebody's own. */
export async function listOperations(queries: Queries, count: number, only?: OwnOperations): Promise<Operation[]> {
  let query = queries.selectFrom('operations').selectAll().orderBy('created_at', 'desc').orderBy('id').limit(count)
  if (only)
    query = query.where((is) =>
      is.or([
        is('by', '=', only.by),
        ...only.sites.map(({ name, created_at }) =>
          is('subject', '=', name).and('kind', 'not in', ABOUT_TEMPLATES).and('created_at', '>=', created_at),
        ),
      ]),
    )
  return (await query.execute()).map(asOperation)
}

/** What is looked for among everybody's operations: parts of the names, whatever their case. */
export interface OperationSearch {
  state?: Operation['state'] | undefined
  subject?: string | undefined
  by?: string | undefined
  /** The first is 0. */
  page: number
  size: number
}

/** One page of the operations that match, newest first, and how many match in all. */
export async function searchOperations(
  queries: Queries,
  { state, subject, by, page, size }: OperationSearch,
): Promise<{ operations: Operation[]; count: number }> {
  let query = queries.selectFrom('operations')
  if (state !== undefined) query = query.where('state', '=', state)
  if (subject !== undefined) query = query.where(contains('subject', subject))
  if (by !== undefined) query = query.where(contains('by', by))
  const [rows, { count }] = await Promise.all([
    query
      .selectAll()
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .limit(size)
      .offset(page * size)
      .execute(),
    query.select(({ fn }) => fn.countAll<number | string>().as('count')).executeTakeFirstOrThrow(),
  ])
  return { operations: rows.map(asOperation), count: Number(count) }
}

/** `%` and `_` are looked for as they are. */
function contains(column: 'subject' | 'by', part: string) {
  const pattern = `%${part.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  return sql<boolean>`lower(${sql.ref(column)}) like ${pattern} escape '\\'`
}

/** Those that were running when the last server ended. */
export async function listRunning(queries: Queries): Promise<Operation[]> {
  const rows = await queries.selectFrom('operations').selectAll().where('state', '=', 'running').execute()
  return rows.map(asOperation)
}

/** Forgets what ended before that time. */
export async function pruneOperations(queries: Queries, before: string): Promise<void> {
  await queries.deleteFrom('operations').where('ended_at', '<', before).execute()
}

type Detail = Pick<Operation, 'steps' | 'message' | 'percent' | 'log' | 'cancellable' | 'error'>

function asRow(operation: Operation): OperationsTable {
  const { id, kind, subject, by, state, createdAt, endedAt, ...detail } = operation
  return {
    id,
    kind,
    subject,
    by,
    state,
    created_at: createdAt,
    ended_at: endedAt ?? null,
    detail: JSON.stringify(detail satisfies Detail),
  }
}

function asOperation(row: Selectable<OperationsTable>): Operation {
  const { id, kind, subject, by, state, created_at, ended_at, detail } = row
  return {
    id,
    kind,
    subject,
    by,
    state,
    createdAt: created_at,
    ...(ended_at !== null && { endedAt: ended_at }),
    ...(JSON.parse(detail) as Detail),
  }
}
