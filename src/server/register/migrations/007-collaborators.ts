import { type Kysely, sql } from 'kysely'

/** People with whom a site is shared. */
export const collaborators = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('collaborators')
      .addColumn('site', 'text', (c) => c.notNull().references('sites.name').onDelete('cascade'))
      .addColumn('login', 'text', (c) => c.notNull())
      .addColumn('right', 'text', (c) => c.notNull().check(sql`"right" in ('view', 'edit', 'manage')`))
      .addColumn('added_by', 'text', (c) => c.notNull())
      .addColumn('added_at', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('collaborators_pkey', ['site', 'login'])
      .execute()
    await db.schema.createIndex('collaborators_login').on('collaborators').column('login').execute()
  },
}
