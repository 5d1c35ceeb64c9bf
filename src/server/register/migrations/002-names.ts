import type { Kysely } from 'kysely'

/** Names that the DNS server was told of. */
export const names = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('names')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('content', 'text')
      .addColumn('updated_at', 'text')
      .execute()
  },
}
