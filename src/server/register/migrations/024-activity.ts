import type { Kysely } from 'kysely'

/** Who asked for what. No reference to sites: what was done to one that is gone can still be read. */
export const activity = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('activity')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('at', 'text', (c) => c.notNull())
      .addColumn('by', 'text', (c) => c.notNull())
      .addColumn('from_address', 'text', (c) => c.notNull())
      .addColumn('by_token', 'integer', (c) => c.notNull())
      .addColumn('act', 'text', (c) => c.notNull())
      .addColumn('site', 'text')
      .addColumn('site_uuid', 'text')
      .addColumn('about', 'text')
      .addColumn('outcome', 'text', (c) => c.notNull())
      .addColumn('code', 'text')
      .execute()
    await db.schema.createIndex('activity_at').on('activity').columns(['at', 'id']).execute()
    await db.schema.createIndex('activity_site').on('activity').columns(['site_uuid', 'at', 'id']).execute()
  },
}
