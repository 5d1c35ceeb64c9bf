import * as z from 'zod'
import { DatabaseLook, DatabasePage, DatabaseRun, DUMP_MAX_BYTES, DumpFormat, PageQuery, Sql } from '../database.js'
import { nothing, ofSite, table } from './entry.js'

const count = z.coerce.number()

/** What is in the database of a site. How it is reached is siteAccess. */
export const databaseApi = table({
  /** Its tables, with estimates of their rows, and sizes; at most 1,000. */
  lookAtDatabase: {
    method: 'GET',
    path: '/api/sites/:name/database',
    access: 'site.edit',
    params: ofSite,
    result: DatabaseLook,
  },
  /** Some rows of a table; `sort` is a column, and `down` begins with the largest. */
  databaseRows: {
    method: 'GET',
    path: '/api/sites/:name/database/rows',
    access: 'site.edit',
    params: ofSite,
    query: PageQuery.extend({
      offset: count.pipe(PageQuery.shape.offset).optional(),
      limit: count.pipe(PageQuery.shape.limit).optional(),
    }),
    result: DatabasePage,
  },
  /** Runs statements as the site's account, one after the other, until one fails; for 30 s together. What failed is part of the answer. */
  runSql: {
    method: 'POST',
    path: '/api/sites/:name/database/run',
    access: 'site.edit',
    params: ofSite,
    body: z.object({ sql: Sql }).strict(),
    result: DatabaseRun,
  },
  /** Streams all of it as SQL, packed by gzip when `format` is `gz`. A stream that breaks off is not whole. */
  exportDatabase: {
    method: 'GET',
    path: '/api/sites/:name/database/export',
    access: 'site.edit',
    params: ofSite,
    query: z.object({ format: DumpFormat }),
    result: z.any(),
  },
  /**
   * Runs a dump: the body is its bytes (`application/octet-stream`), `sizeBytes` how many. `invalid` with the line and the statement that failed; PostgreSQL then
   * has changed nothing, the others have done what stands before.
   */
  importDatabase: {
    method: 'PUT',
    path: '/api/sites/:name/database/import',
    access: 'site.edit',
    params: ofSite,
    query: z.object({ format: DumpFormat, sizeBytes: count.pipe(z.int().min(0).max(DUMP_MAX_BYTES)) }),
    result: nothing,
  },
})
