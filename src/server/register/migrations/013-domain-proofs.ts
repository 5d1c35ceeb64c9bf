import type { Kysely } from 'kysely'

/** What proves domain names, and names that were given up lately. Names from before are looked at soon, and stay meanwhile. */
export const domainProofs = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of ['proof', 'checked_at', 'check', 'failing_since'])
      await db.schema.alterTable('domains').addColumn(column, 'text').execute()
    await (db as Kysely<{ domains: { proof: string | null } }>)
      .updateTable('domains')
      .set({ proof: 'record' })
      .execute()
    await db.schema
      .createTable('released_names')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('owner', 'text', (c) => c.notNull())
      .addColumn('until', 'text', (c) => c.notNull())
      .execute()
  },
}
