import { gzipSync } from 'node:zlib'
import type { SiteDatabase, StreamOut } from '../../src/engine/engine.js'
import type { ContainerSpec } from '../../src/model/container.js'
import type {
  DatabaseCell,
  DatabaseColumn,
  DatabaseLook,
  DatabasePage,
  DatabaseRun,
  DumpFormat,
  PageQuery,
} from '../../src/model/database.js'
import { AppError } from '../../src/model/errors.js'

interface FakeTable {
  columns: DatabaseColumn[]
  rows: DatabaseCell[][]
}

/** A database in memory. It knows the statements that tests ask, and what a dump of it is: `SELECT * FROM name`, `DELETE FROM name`, `SLEEP`. */
export class FakeDatabase implements SiteDatabase {
  readonly tables = new Map<string, FakeTable>()
  /** What was imported, whole. */
  readonly imported: string[] = []

  /** A table is there from now on. */
  put(name: string, columns: DatabaseColumn[], rows: DatabaseCell[][]): void {
    this.tables.set(name, { columns, rows })
  }

  async look(): Promise<DatabaseLook> {
    const tables = [...this.tables].map(([name, { rows }]) => {
      return { name, kind: 'table' as const, rows: rows.length, sizeBytes: JSON.stringify(rows).length }
    })
    return { tables, sizeBytes: tables.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0), truncated: false }
  }

  async rows({ table, sort, direction, offset, limit }: PageQuery): Promise<DatabasePage> {
    const found = this.find(table)
    const by = found.columns.findIndex(({ name }) => name === sort)
    if (sort !== undefined && by < 0) throw new AppError('invalid', `Unknown column '${sort}' in 'ORDER BY'`)
    const sorted = sort === undefined ? found.rows : [...found.rows].sort((a, b) => compare(a[by], b[by]))
    if (direction === 'down') sorted.reverse()
    return {
      columns: found.columns,
      rows: sorted.slice(offset, offset + limit),
      more: sorted.length > offset + limit,
    }
  }

  async run(sql: string): Promise<DatabaseRun> {
    const statements: DatabaseRun['statements'] = []
    for (const [n, statement] of sql.split(';').entries()) {
      const failed = (message: string, timedOut = false): DatabaseRun => {
        const before = sql
          .split(';')
          .slice(0, n + 1)
          .join(';')
          .trimEnd()
        const line = before.slice(0, before.lastIndexOf(statement.trim())).split('\n').length
        return { statements, error: { statement: n + 1, message, line, column: 1, timedOut }, elapsedMs: 12 }
      }
      if (statement.trim() === '') continue
      if (/^\s*SLEEP/i.test(statement)) return failed('It took longer than 30 seconds and was ended.', true)
      const [, verb = '', name = ''] = /^\s*(SELECT \*|DELETE) FROM ["`]?(.+?)["`]?\s*$/i.exec(statement) ?? []
      const table = this.tables.get(name)
      if (verb === '') return failed(`near "${statement.trim().split(' ')[0]}": syntax error`)
      if (!table) return failed(`no such table: ${name}`)
      if (/^select/i.test(verb)) statements.push({ ...table, truncated: false })
      else statements.push({ affected: table.rows.splice(0).length, truncated: false })
    }
    return { statements, elapsedMs: 12 }
  }

  async export(format: DumpFormat, { take }: StreamOut): Promise<void> {
    const dump = Buffer.from([...this.tables.keys()].map((name) => `CREATE TABLE "${name}";\n`).join(''))
    await take(format === 'gz' ? gzipSync(dump) : dump)
  }

  async import(_dump: { format: DumpFormat; sizeBytes: number }, content: AsyncIterable<Uint8Array>): Promise<void> {
    const chunks: Uint8Array[] = []
    for await (const chunk of content) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString('utf8')
    if (text.includes('BROKEN')) throw new AppError('invalid', 'Line 2: near "BROKEN": syntax error – BROKEN')
    this.imported.push(text)
  }

  private find(name: string): FakeTable {
    const table = this.tables.get(name)
    if (!table) throw new AppError('invalid', `Table 'site.${name}' doesn't exist`)
    return table
  }
}

/** The database of each container, from when it is first asked for. */
export class FakeDatabases {
  private readonly made = new Map<string, FakeDatabase>()

  find({ id, stack }: ContainerSpec): FakeDatabase {
    if (stack.database === 'none') throw new AppError('not_found', `${id} has no database.`)
    const there = this.made.get(id) ?? new FakeDatabase()
    this.made.set(id, there)
    return there
  }
}

function compare(a: DatabaseCell | undefined, b: DatabaseCell | undefined): number {
  return String(a).localeCompare(String(b), 'en', { numeric: true })
}
