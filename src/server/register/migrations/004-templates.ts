import type { Kysely } from 'kysely'

/** Which template each site is to run on, which one it came from, which one it went back from, and its further packages. */
export const templates = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of ['template', 'template_before', 'template_refused'])
      await db.schema.alterTable('sites').addColumn(column, 'text').execute()
    await db.schema
      .alterTable('sites')
      .addColumn('packages', 'text', (c) => c.notNull().defaultTo('[]'))
      .execute()
  },
}
