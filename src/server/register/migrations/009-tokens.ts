import { type Kysely, sql } from 'kysely'

/** Tokens of people for programs; and where sessions were begun from. */
export const tokens = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('tokens')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('login', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull().unique())
      .addColumn('scope', 'text', (c) => c.notNull().check(sql`scope in ('read', 'write')`))
      .addColumn('site', 'text')
      .addColumn('site_uuid', 'text')
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('expires_at', 'text', (c) => c.notNull())
      .addColumn('last_used_at', 'text')
      .addColumn('last_used_from', 'text')
      .execute()
    await db.schema.createIndex('tokens_login').on('tokens').column('login').execute()
    await db.schema.alterTable('sessions').addColumn('address', 'text').execute()
    await db.schema.alterTable('sessions').addColumn('browser', 'text').execute()
  },
}
