import type { Kysely } from 'kysely'

/** Variables of each site's own code, sealed as one text; empty: none. */
export const environment = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('sites')
      .addColumn('environment', 'text', (c) => c.notNull().defaultTo(''))
      .execute()
  },
}
