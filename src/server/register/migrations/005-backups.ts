import type { Kysely } from 'kysely'

/** What a site was made from, how often it is backed up, and how many of its backups are kept. */
export const backups = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('sites').addColumn('origin', 'text').execute()
    await db.schema
      .createTable('backup_plans')
      .addColumn('site_uuid', 'text', (c) => c.primaryKey())
      .addColumn('enabled', 'integer', (c) => c.notNull())
      .addColumn('keep_daily', 'integer', (c) => c.notNull())
      .addColumn('keep_weekly', 'integer', (c) => c.notNull())
      .execute()
  },
}
