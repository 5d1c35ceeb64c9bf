import type { Kysely } from 'kysely'

/** For whom a site is a model that new sites begin as a copy of. */
export const models = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('sites')
      .addColumn('model_for', 'text', (c) => c.notNull().defaultTo('nobody'))
      .execute()
  },
}
