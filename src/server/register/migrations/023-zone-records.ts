import type { Kysely } from 'kysely'

/** Records that people add below their site's platform name, and what of them the DNS server was told. */
export const zoneRecords = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('zone_records')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('site', 'text', (c) => c.notNull().references('sites.name').onDelete('cascade'))
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('value', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('zone_records_site').on('zone_records').column('site').execute()
    await db.schema
      .createTable('told_records')
      .addColumn('host', 'text', (c) => c.notNull())
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('platform_name', 'text', (c) => c.notNull())
      .addColumn('content', 'text')
      .addColumn('updated_at', 'text')
      .addPrimaryKeyConstraint('told_records_pkey', ['host', 'type'])
      .execute()
  },
}
