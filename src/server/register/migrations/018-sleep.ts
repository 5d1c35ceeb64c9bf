import type { Kysely } from 'kysely'

/** When sites fall asleep, and when one must be up again for its own sake. */
export const sleep = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('sites')
      .addColumn('idle_minutes', 'integer', (c) => c.defaultTo(30))
      .execute()
    await db.schema.alterTable('sites').addColumn('wake_at', 'text').execute()
  },
}
