import { type Kysely, sql } from 'kysely'

/** Sites with their unique places, domains, people, sessions, operations. */
export const first = {
  async up(db: Kysely<unknown>): Promise<void> {
    await makeSites(db)
    await makePeople(db)
    await makeOperations(db)
  },
}

async function makeSites(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('sites')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('uuid', 'text', (c) => c.notNull().unique())
    .addColumn('cell', 'integer', (c) => c.notNull().defaultTo(1))
    .addColumn('member', 'text', (c) => c.notNull().defaultTo('local'))
    .addColumn('owner', 'text', (c) => c.notNull())
    .addColumn('server', 'text', (c) => c.notNull())
    .addColumn('language', 'text', (c) => c.notNull())
    .addColumn('database', 'text', (c) => c.notNull())
    .addColumn('address', 'integer', (c) => c.notNull())
    .addColumn('sftp_port', 'integer', (c) => c.notNull())
    .addColumn('cpu_milli', 'integer', (c) => c.notNull())
    .addColumn('memory_bytes', 'bigint', (c) => c.notNull())
    .addColumn('disk_bytes', 'bigint', (c) => c.notNull())
    .addColumn('pids', 'integer', (c) => c.notNull())
    .addColumn('wanted', 'text', (c) => c.notNull().check(sql`wanted in ('running', 'stopped')`))
    .addColumn('lifecycle', 'text', (c) => c.notNull().check(sql`lifecycle in ('creating', 'ready', 'removing')`))
    .addColumn('generation', 'integer', (c) => c.notNull().defaultTo(1))
    .addColumn('applied', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('sftp_generation', 'integer', (c) => c.notNull().defaultTo(1))
    .addColumn('database_generation', 'integer', (c) => c.notNull().defaultTo(1))
    .addColumn('sftp_keys', 'text', (c) => c.notNull().defaultTo('[]'))
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addUniqueConstraint('sites_address', ['cell', 'address'])
    .addUniqueConstraint('sites_sftp_port', ['cell', 'sftp_port'])
    .execute()
  await db.schema.createIndex('sites_owner').on('sites').column('owner').execute()
  await db.schema
    .createTable('domains')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('site', 'text', (c) => c.notNull().references('sites.name').onDelete('cascade'))
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('domains_site').on('domains').column('site').execute()
}

async function makePeople(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('people')
    .addColumn('login', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('administrator', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('creator', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('decision', 'text', (c) =>
      c.notNull().defaultTo('group').check(sql`decision in ('group', 'allowed', 'denied')`),
    )
    .addColumn('quota_sites', 'integer')
    .addColumn('quota_cpu_milli', 'integer')
    .addColumn('quota_memory_bytes', 'bigint')
    .addColumn('quota_disk_bytes', 'bigint')
    .addColumn('reason', 'text')
    .addColumn('last_sign_in_at', 'text')
    .execute()
  await db.schema
    .createTable('sessions')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('token_hash', 'text', (c) => c.notNull().unique())
    .addColumn('previous_hash', 'text')
    .addColumn('previous_until', 'text')
    .addColumn('rotate', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('login', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('administrator', 'integer', (c) => c.notNull())
    .addColumn('creator', 'integer', (c) => c.notNull())
    .addColumn('directory_id', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('seen_at', 'text', (c) => c.notNull())
    .addColumn('checked_at', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('sessions_previous').on('sessions').column('previous_hash').execute()
  await db.schema.createIndex('sessions_login').on('sessions').column('login').execute()
}

async function makeOperations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('operations')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('ended_at', 'text')
    .addColumn('detail', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('operations_created').on('operations').column('created_at').execute()
  await db.schema.createIndex('operations_state').on('operations').column('state').execute()
}
