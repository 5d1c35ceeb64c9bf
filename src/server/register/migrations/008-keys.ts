import type { Kysely } from 'kysely'

/** SSH keys of people, and what the directory last said about whose login it is and whether they are let in. */
export const keys = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('keys')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('login', 'text', (c) => c.notNull())
      .addColumn('line', 'text', (c) => c.notNull())
      .addColumn('fingerprint', 'text', (c) => c.notNull())
      .addColumn('added_at', 'text', (c) => c.notNull())
      .addUniqueConstraint('keys_once', ['login', 'fingerprint'])
      .execute()
    await db.schema.createIndex('keys_login').on('keys').column('login').execute()
    await db.schema.alterTable('people').addColumn('directory_id', 'text').execute()
    await db.schema.alterTable('people').addColumn('gone_at', 'text').execute()
  },
}
