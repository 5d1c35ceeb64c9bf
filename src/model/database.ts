import * as z from 'zod'
import { PlainText } from './names.js'

/** Name of a table, of its schema or of a column, as people may have chosen it. */
export const DatabaseName = PlainText.min(1).max(256)

/** Statements that are run at once, divided as in a file. Whoever has more imports it. */
export const Sql = PlainText.min(1).max(40_000)

/** Rows of a page of a table. */
export const MOST_PAGE_ROWS = 200
/** A page further back than that is asked for by a statement. */
const MOST_OFFSET = 1_000_000_000

/** Largest dump that is imported; the site's disk is the limit that counts. */
export const DUMP_MAX_BYTES = 1024 ** 4

export const DUMP_FORMATS = ['sql', 'gz'] as const
export const DumpFormat = z.enum(DUMP_FORMATS)
export type DumpFormat = z.infer<typeof DumpFormat>

/** The format that the name of a file says; undefined for one that is no dump. */
export function findDumpFormat(name: string): DumpFormat | undefined {
  if (/\.sql$/i.test(name)) return 'sql'
  return /\.gz$/i.test(name) ? 'gz' : undefined
}

/** A table or view. `schema` where it is not the usual one; `rows` is an estimate; null is unknown. */
export const DatabaseTable = z
  .object({
    schema: z.string().optional(),
    name: z.string(),
    kind: z.enum(['table', 'view']),
    rows: z.number().nullable(),
    sizeBytes: z.number().nullable(),
  })
  .strict()
  .meta({ id: 'DatabaseTable' })
export type DatabaseTable = z.infer<typeof DatabaseTable>

/** What is in a database. */
export const DatabaseLook = z
  .object({ tables: z.array(DatabaseTable), sizeBytes: z.number().nullable(), truncated: z.boolean() })
  .strict()
  .meta({ id: 'DatabaseLook' })
export type DatabaseLook = z.infer<typeof DatabaseLook>

/** `type` in the database's own word, where it has one. */
export const DatabaseColumn = z.object({ name: z.string(), type: z.string().optional() }).strict()
export type DatabaseColumn = z.infer<typeof DatabaseColumn>

/**
 * A value: null is NULL, a string the whole value as text. A long text and everything that is no text say how long they are; what is there of them is
 * their beginning (`binary`: base64).
 */
export const DatabaseCell = z.union([
  z.null(),
  z.string(),
  z.object({ text: z.string(), sizeBytes: z.number() }).strict(),
  z.object({ binary: z.string(), sizeBytes: z.number() }).strict(),
])
export type DatabaseCell = z.infer<typeof DatabaseCell>

const Rows = z.array(z.array(DatabaseCell))

/** Which rows of which table, in which order. */
export const PageQuery = z
  .object({
    table: DatabaseName,
    schema: DatabaseName.optional(),
    sort: DatabaseName.optional(),
    direction: z.enum(['up', 'down']).optional(),
    offset: z.int().min(0).max(MOST_OFFSET),
    limit: z.int().min(1).max(MOST_PAGE_ROWS),
  })
  .strict()
export type PageQuery = z.infer<typeof PageQuery>

/** Rows of a table. `more`: there are more behind; the next page begins after those that are here. */
export const DatabasePage = z
  .object({ columns: z.array(DatabaseColumn), rows: Rows, more: z.boolean() })
  .strict()
  .meta({ id: 'DatabasePage' })
export type DatabasePage = z.infer<typeof DatabasePage>

/** What a statement brought: rows with their columns, or how many rows it changed. `truncated`: there were more rows. */
export const StatementResult = z
  .object({
    columns: z.array(DatabaseColumn).optional(),
    rows: Rows.optional(),
    affected: z.number().optional(),
    truncated: z.boolean(),
  })
  .strict()
  .meta({ id: 'StatementResult' })
export type StatementResult = z.infer<typeof StatementResult>

/** What was run: the results of the statements before the first that failed, and which that was and why, in the database's words. */
export const DatabaseRun = z
  .object({
    statements: z.array(StatementResult),
    error: z
      .object({
        /** Which statement, from 1; line and column in what was sent. */
        statement: z.int(),
        message: z.string(),
        line: z.int().optional(),
        column: z.int().optional(),
        timedOut: z.boolean(),
      })
      .strict()
      .optional(),
    elapsedMs: z.number(),
  })
  .strict()
  .meta({ id: 'DatabaseRun' })
export type DatabaseRun = z.infer<typeof DatabaseRun>
