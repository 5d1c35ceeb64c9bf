import type { Kysely } from 'kysely'

/** Deleted sites that can still be brought back. */
export const trash = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('sites')
      .addColumn('purged', 'integer', (c) => c.notNull().defaultTo(0))
      .execute()
    await db.schema
      .createTable('trash')
      .addColumn('uuid', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('owner', 'text', (c) => c.notNull())
      .addColumn('deleted_at', 'text', (c) => c.notNull())
      .addColumn('site', 'text', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('trash_owner').on('trash').column('owner').execute()
  },
}
