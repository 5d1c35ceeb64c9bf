import { open } from 'node:fs/promises'
import type { SqliteDatabase, SqliteStatement } from 'kysely'
import { AppError } from '../../model/errors.js'

interface Statement {
  columns(): unknown[]
  all(...values: unknown[]): unknown[]
  run(...values: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint }
  iterate(...values: unknown[]): IterableIterator<unknown>
}
interface Connection {
  exec(sql: string): void
  prepare(sql: string): Statement
  close(): void
}
interface SqliteModule {
  DatabaseSync: new (file: string) => Connection
}

// Before 3.51.3 a checkpoint could lose commits of a WAL database.
const OLDEST_SQLITE = [3, 51, 3]
const PRAGMAS = ['busy_timeout = 5000', 'journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON']

/** Opens an SQLite file with the settings of the register, behind the face that kysely's SqliteDialect wants. */
export async function openSqlite(file: string): Promise<SqliteDatabase> {
  // Its journal takes the mode of the file.
  await (await open(file, 'a', 0o600)).close()
  const connection = await connect(file)
  for (const pragma of PRAGMAS) connection.exec(`PRAGMA ${pragma}`)
  return { prepare: (sql) => facade(connection.prepare(sql)), close: () => connection.close() }
}

function facade(statement: Statement): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (values) => statement.all(...values),
    run: (values) => statement.run(...values),
    iterate: (values) => statement.iterate(...values),
  }
}

async function connect(file: string): Promise<Connection> {
  const sources = hasStableSqlite(process.versions.node) ? [builtIn, prebuilt] : [prebuilt]
  for (const load of sources) {
    const { DatabaseSync } = await load()
    const connection = new DatabaseSync(file)
    if (isNewEnough(connection)) return connection
    connection.close()
  }
  throw new AppError('host_failed', `The register needs SQLite ${OLDEST_SQLITE.join('.')} or newer.`, {
    hint: 'Reinstall the dependencies, or use a newer Node.',
  })
}

const prebuilt = async (): Promise<SqliteModule> => (await import('@photostructure/sqlite')) as unknown as SqliteModule

// By a variable: the types of the oldest Node that we support do not know it.
const BUILT_IN = 'node:sqlite'
const builtIn = async (): Promise<SqliteModule> => (await import(BUILT_IN)) as SqliteModule

/** Whether that Node has node:sqlite without a flag (22.13 on). */
export function hasStableSqlite(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 22 || (major === 22 && minor >= 13)
}

function isNewEnough(connection: Connection): boolean {
  const [row] = connection.prepare('select sqlite_version() as version').all() as { version: string }[]
  const parts = (row?.version ?? '0').split('.').map(Number)
  for (const [n, least] of OLDEST_SQLITE.entries()) {
    const part = parts[n] ?? 0
    if (part !== least) return part > least
  }
  return true
}
