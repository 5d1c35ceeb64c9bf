import type { Kysely } from 'kysely'

/** How each site is served, and who may see it by a pass. */
export const siteSettings = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('sites')
      .addColumn('settings', 'text', (c) => c.notNull().defaultTo('{}'))
      .execute()
    await db.schema
      .createTable('passes')
      .addColumn('token_hash', 'text', (c) => c.primaryKey())
      .addColumn('site', 'text', (c) => c.notNull().references('sites.name').onDelete('cascade'))
      .addColumn('host', 'text', (c) => c.notNull())
      .addColumn('session', 'text', (c) => c.notNull().references('sessions.id').onDelete('cascade'))
      .addColumn('created_at', 'text', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('passes_site').on('passes').column('site').execute()
    await db.schema.createIndex('passes_session').on('passes').column('session').execute()
  },
}
