import type { Kysely } from 'kysely'

/** How the copies of backups elsewhere stand, and the last time that what lies there was read back. */
export const offSite = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('off_site_copies')
      .addColumn('site_uuid', 'text', (c) => c.notNull())
      .addColumn('backup', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('proven', 'integer', (c) => c.notNull())
      .addColumn('copied_at', 'text')
      .addColumn('snapshot', 'text')
      .addColumn('attempts', 'integer', (c) => c.notNull())
      .addColumn('reason', 'text')
      .addColumn('next_at', 'text')
      .addColumn('leaving', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('off_site_copies_key', ['site_uuid', 'backup'])
      .execute()
    await db.schema
      .createTable('off_site_checks')
      .addColumn('at', 'text', (c) => c.primaryKey())
      .addColumn('reason', 'text')
      .execute()
  },
}
