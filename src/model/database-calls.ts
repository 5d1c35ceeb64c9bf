import * as z from 'zod'
import { DatabaseLook, DatabasePage, DatabaseRun, DUMP_MAX_BYTES, DumpFormat, PageQuery, Sql } from './database.js'
import { ContainerId } from './names.js'

const nothing = z.object({}).strict()
const ofContainer = z.object({ id: ContainerId })

/**
 * The database of a container, by its own account and inside. `not_found` when it has none; `conflict` when its server is stopped with it (a file is
 * reached all the same), and a sleeping one is woken.
 */
export const databaseCalls = {
  /** Tables with estimates of their rows, and sizes; at most 1,000. */
  'database.look': { params: ofContainer.strict(), result: DatabaseLook },
  /** Some rows of a table. */
  'database.rows': { params: ofContainer.extend(PageQuery.shape).strict(), result: DatabasePage },
  /** Statements one after the other, until one fails; for 30 s together, with at most 500 rows of each and 2 MB in all. */
  'database.run': { params: ofContainer.extend({ sql: Sql }).strict(), result: DatabaseRun },
  /** All of it as SQL, in `stdout` lines. The result says that it is whole. */
  'database.export': { params: ofContainer.extend({ format: DumpFormat }).strict(), result: nothing },
  /** SQL from `stdin` lines, `sizeBytes` in all. `invalid` with the line and the statement that failed. */
  'database.import': {
    params: ofContainer.extend({ format: DumpFormat, sizeBytes: z.int().min(0).max(DUMP_MAX_BYTES) }).strict(),
    result: nothing,
  },
} as const

export type DatabaseCallName = keyof typeof databaseCalls
