import { mkdir } from 'node:fs/promises'
import { type Dialect, Kysely, Migrator, PostgresDialect, SqliteDialect, sql, type Transaction } from 'kysely'
import { AppError } from '../../model/errors.js'
import { asConflict } from './constraint-errors.js'
import { first } from './migrations/001-first.js'
import { names } from './migrations/002-names.js'
import { environment } from './migrations/003-environment.js'
import { templates } from './migrations/004-templates.js'
import { backups } from './migrations/005-backups.js'
import { trash } from './migrations/006-trash.js'
import { collaborators } from './migrations/007-collaborators.js'
import { keys } from './migrations/008-keys.js'
import { tokens } from './migrations/009-tokens.js'
import { formerStack } from './migrations/010-former-stack.js'
import { models } from './migrations/011-models.js'
import { domainProofs } from './migrations/013-domain-proofs.js'
import { siteSettings } from './migrations/015-site-settings.js'
import { sleep } from './migrations/018-sleep.js'
import { offSite } from './migrations/022-off-site.js'
import { zoneRecords } from './migrations/023-zone-records.js'
import { activity } from './migrations/024-activity.js'
import { announcements } from './migrations/025-announcements.js'
import { openRegisterFile } from './register-file.js'
import type { Tables } from './schema.js'

/** A connection or a transaction: queries take either. */
export type Queries = Kysely<Tables> | Transaction<Tables>

/** The database of what should be. */
export interface Register {
  db: Kysely<Tables>
  /** One transaction with its violated constraints as AppError `conflict`. Allocating ones run one after the other. */
  change<T>(run: (queries: Transaction<Tables>) => Promise<T>): Promise<T>
  close(): Promise<void>
}

const MIGRATIONS = {
  '001-first': first,
  '002-names': names,
  '003-environment': environment,
  '004-templates': templates,
  '005-backups': backups,
  '006-trash': trash,
  '015-site-settings': siteSettings,
  '007-collaborators': collaborators,
  '008-keys': keys,
  '009-tokens': tokens,
  '010-former-stack': formerStack,
  '011-models': models,
  '013-domain-proofs': domainProofs,
  '018-sleep': sleep,
  '022-off-site': offSite,
  '023-zone-records': zoneRecords,
  '024-activity': activity,
  '025-announcements': announcements,
}
const INT8 = 20
const ALLOCATION_LOCK = 7_240_117

/** Opens the register of that URL (`sqlite`: a file in `folder`; `postgresql://…`) and brings its tables up to date. */
export async function openRegister(url: string, folder: string): Promise<Register> {
  const postgres = /^postgres(ql)?:\/\//.test(url)
  if (!postgres && url !== 'sqlite')
    throw new AppError('invalid', 'register.url is not understood', { hint: 'Write sqlite or postgresql://…' })
  const db = new Kysely<Tables>({ dialect: postgres ? await postgresDialect(url) : await sqliteDialect(folder) })
  try {
    await migrate(db)
  } catch (error) {
    await db.destroy()
    throw error
  }
  return {
    db,
    change: (run) => inTransaction(db, postgres, run),
    close: () => db.destroy(),
  }
}

async function sqliteDialect(folder: string): Promise<Dialect> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return new SqliteDialect({ database: await openRegisterFile(folder) })
}

async function postgresDialect(url: string): Promise<Dialect> {
  const { default: pg } = await import('pg')
  const types: typeof pg.types = {
    ...pg.types,
    // Sizes are bigint columns and safe integers.
    getTypeParser: ((id: number, format?: 'text') =>
      id === INT8 ? Number : pg.types.getTypeParser(id, format)) as typeof pg.types.getTypeParser,
  }
  const pool = new pg.Pool({ connectionString: url, max: 8, types, connectionTimeoutMillis: 5000 })
  // A connection that dies while idle is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => undefined)
  return new PostgresDialect({ pool })
}

async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => MIGRATIONS },
    // None of them builds on a lower one that may come later.
    allowUnorderedMigrations: true,
  })
  const { error } = await migrator.migrateToLatest()
  if (error) throw new AppError('host_failed', 'The register could not be brought up to date.', { cause: error })
}

async function inTransaction<T>(
  db: Kysely<Tables>,
  postgres: boolean,
  run: (queries: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  try {
    return await db.transaction().execute(async (queries) => {
      // SQLite has one connection, so transactions queue by themselves.
      if (postgres) await sql`select pg_advisory_xact_lock(${ALLOCATION_LOCK})`.execute(queries)
      return await run(queries)
    })
  } catch (error) {
    throw asConflict(error)
  }
}
