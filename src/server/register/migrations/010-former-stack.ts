import type { Kysely } from 'kysely'

/** What a site's stack was before it was changed, and the backup that was made then. */
export const formerStack = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('sites').addColumn('stack_before', 'text').execute()
  },
}
