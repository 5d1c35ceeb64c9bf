import type { Kysely } from 'kysely'

/** What administrators tell everybody. */
export const announcements = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('announcements')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('text_en', 'text')
      .addColumn('text_fr', 'text')
      .addColumn('starts_at', 'text')
      .addColumn('ends_at', 'text')
      .addColumn('by', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('changed_at', 'text', (c) => c.notNull())
      .execute()
  },
}
