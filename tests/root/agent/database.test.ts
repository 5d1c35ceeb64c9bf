import { readFile } from 'node:fs/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SiteDatabase } from '../../../src/engine/engine.js'
import type { DumpFormat } from '../../../src/model/database.js'
import { execIn, specFor, startAgent, type TestAgent } from '../../helpers/agent.js'
import { until } from '../../helpers/programs.js'

const context = { actor: 'test' }
const MIB = 1024 ** 2
const never = () => new AbortController().signal

let agent: TestAgent
beforeAll(async () => {
  agent = await startAgent()
})
afterAll(() => agent?.close())

async function* pieces(content: Uint8Array, size = 60_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size)
}

const importText = (
  database: SiteDatabase,
  text: string | Uint8Array,
  format: DumpFormat = 'sql',
  announced?: number,
) => {
  const content = Buffer.from(text as string)
  return database.import({ format, sizeBytes: announced ?? content.length }, pieces(content), never())
}

async function exportAll(database: SiteDatabase, format: DumpFormat = 'sql'): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  await database.export(format, { take: (chunk) => void chunks.push(chunk), signal: never() })
  return Buffer.concat(chunks)
}

interface Kind {
  address: number
  quote(name: string): string
  binary: string
  blob: string
  /** A text of so many letters. */
  long(letters: number): string
  endless: string
  /** Statements that would read a file of the machine that is not the site's user's. */
  readsFile: string[]
  isWhole: boolean
}

const doubled = (name: string) => `"${name.replaceAll('"', '""')}"`
const KINDS: Record<string, Kind> = {
  mariadb: {
    address: 41,
    quote: (name) => `\`${name.replaceAll('`', '``')}\``,
    binary: "x'00ff10'",
    blob: 'blob',
    long: (letters) => `repeat('é', ${letters})`,
    endless: 'SELECT SLEEP(1000)',
    readsFile: [
      "SELECT LOAD_FILE('/etc/shadow')",
      "LOAD DATA INFILE '/etc/passwd' INTO TABLE kept",
      "SELECT 1 INTO OUTFILE '/tmp/x'",
    ],
    isWhole: false,
  },
  postgresql: {
    address: 42,
    quote: doubled,
    binary: "'\\x00ff10'::bytea",
    blob: 'bytea',
    long: (letters) => `repeat('é', ${letters})`,
    endless: 'SELECT pg_sleep(1000)',
    readsFile: ["SELECT pg_read_file('/etc/passwd')", "COPY kept FROM '/etc/passwd'", "COPY kept TO PROGRAM 'id'"],
    isWhole: true,
  },
  sqlite: {
    address: 43,
    quote: doubled,
    binary: "x'00ff10'",
    blob: 'blob',
    long: (letters) => `replace(hex(zeroblob(${letters / 2})), '0', 'é')`,
    endless: 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c',
    readsFile: ["SELECT readfile('/etc/passwd')", "ATTACH '/tmp/other.sqlite' AS other", "SELECT load_extension('x')"],
    isWhole: false,
  },
}

const HOSTILE = [
  'a b',
  `it's`,
  'say "hi"',
  '`tick`',
  '<img src=x onerror=alert(1)>',
  '-rf',
  'é漢',
  'x; DROP TABLE kept',
  '$1',
]

describe.each(Object.entries(KINDS))('the database of a site with %s', (kind, of) => {
  const id = `db-${kind}`
  let database: SiteDatabase
  const run = async (sql: string) => {
    const answer = await database.run(sql)
    expect(answer.error, sql.slice(0, 200)).toBeUndefined()
    return answer.statements
  }

  beforeAll(async () => {
    const limits = { cpuMilli: 2000, memoryBytes: 512 * MIB, diskBytes: 1024 * MIB }
    await agent.engine.create(specFor(id, of.address, `nginx-php-${kind}`, limits), context)
    await agent.engine.start(id, context)
    database = agent.engine.database(id, 'ada')
  })
  afterAll(() => agent.engine.destroy(id, context))

  test('a new one is empty, and is filled by statements whose results say what they did', async () => {
    expect((await database.look()).tables).toEqual([])
    const results = await run(
      `-- a comment; with a mark\nCREATE TABLE kept (id integer PRIMARY KEY, word varchar(50), data ${of.blob});
       INSERT INTO kept VALUES (1, 'it''s; <b>one</b>', ${of.binary}), (2, NULL, NULL), (3, 'é', NULL);
       UPDATE kept SET word = 'two' WHERE id > 1; SELECT id, word, data FROM kept ORDER BY id`,
    )
    expect(results.map(({ affected }) => affected)).toEqual([kind === 'mariadb' ? 0 : undefined, 3, 2, undefined])
    const binary = { binary: Buffer.from([0, 255, 16]).toString('base64'), sizeBytes: 3 }
    expect(results[3]?.columns?.map(({ name }) => name)).toEqual(['id', 'word', 'data'])
    expect(results[3]?.rows).toEqual([
      ['1', `it's; <b>one</b>`, binary],
      ['2', 'two', null],
      ['3', 'two', null],
    ])
    const { tables, sizeBytes } = await database.look()
    expect(tables.map(({ name, kind: what }) => `${what} ${name}`)).toEqual(['table kept'])
    expect(sizeBytes).toBeGreaterThan(0)
    expect(tables[0]?.sizeBytes).toBeGreaterThan(0)
  })

  // A file has no server.
  if (kind !== 'sqlite')
    test('a killed one takes sessions again by the time its site is said to run', async () => {
      const rows = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 700)'
      await run('CREATE TABLE many (a integer, b integer)')
      await run(`INSERT INTO many ${rows} SELECT n.x, other.x FROM n, n AS other`)
      const before = await agent.engine.find(id)
      process.kill(before?.pid ?? expect.fail('it does not run'), 'SIGKILL')
      await until('it is back', async () => {
        const now = await agent.engine.find(id)
        return now?.phase === 'running' && now.pid !== before?.pid
      })
      expect((await run('SELECT count(*) FROM many'))[0]?.rows).toEqual([['490000']])
      await run('DROP TABLE many')
    })

  test('one table of a backup comes back by the account of the site, with what belongs to it, and nothing else does', async () => {
    await run(`CREATE TABLE one_a (id integer PRIMARY KEY, word varchar(50)); CREATE INDEX by_word ON one_a (word);
      CREATE TABLE oneza (n integer); INSERT INTO one_a VALUES (1, 'it''s'), (2, NULL); INSERT INTO oneza VALUES (1)`)
    const [key, backup] = ['6f1c1c1e-0000-4000-8000-000000000001', `tables${kind.padEnd(6, 'a').slice(0, 6)}`]
    const backups = agent.engine.backups(key)
    await backups.create(id, backup, context)
    await run(`DELETE FROM one_a; INSERT INTO one_a VALUES (3, 'later'); INSERT INTO oneza VALUES (2)`)
    await backups.restoreTable(id, backup, 'one_a', context)
    const [one, other] = await run('SELECT id, word FROM one_a ORDER BY id; SELECT count(*) FROM oneza')
    expect([one?.rows, other?.rows]).toEqual([
      [
        ['1', `it's`],
        ['2', null],
      ],
      [['2']],
    ])
    await run(`DROP INDEX by_word${kind === 'mariadb' ? ' ON one_a' : ''}; DROP TABLE one_a`)
    await backups.restoreTable(id, backup, 'one_a', context)
    await expect(backups.restoreTable(id, backup, 'one_b', context)).rejects.toMatchObject({ code: 'not_found' })
    expect((await run('SELECT count(*) FROM one_a'))[0]?.rows).toEqual([['2']])
    // The backup has looked at the page, which counts its visits.
    await run('DROP TABLE one_a; DROP TABLE oneza; DROP TABLE IF EXISTS visits')
    await backups.remove(backup, context)
  })

  test('names of tables and columns that look like something else are only names', async () => {
    for (const name of HOSTILE) {
      await run(`CREATE TABLE ${of.quote(name)} (${of.quote(name)} integer PRIMARY KEY, plain text)`)
      await run(`INSERT INTO ${of.quote(name)} VALUES (2, 'two'), (1, 'one')`)
    }
    const { tables } = await database.look()
    expect(tables.map(({ name }) => name).sort()).toEqual(['kept', ...HOSTILE].sort())
    for (const table of HOSTILE) {
      const page = await database.rows({ table, sort: table, direction: 'down', offset: 0, limit: 1 })
      expect(page, table).toMatchObject({ rows: [['2', 'two']], more: true })
      expect(page.columns[0]?.name).toBe(table)
      const rest = await database.rows({ table, sort: table, direction: 'down', offset: 1, limit: 5 })
      expect(rest, table).toMatchObject({ rows: [['1', 'one']], more: false })
    }
    for (const table of HOSTILE) await run(`DROP TABLE ${of.quote(table)}`)
    const wrong = { offset: 0, limit: 5 }
    await expect(database.rows({ table: 'none', ...wrong })).rejects.toMatchObject({ code: 'invalid' })
    await expect(database.rows({ table: 'kept', sort: 'nothing', ...wrong })).rejects.toMatchObject({ code: 'invalid' })
  })

  test('huge cells, many rows and many results are cut, and said to be', async () => {
    const [big] = await run(`SELECT ${of.long(5_000_000)} AS big`)
    const cell = big?.rows?.[0]?.[0] as { text: string; sizeBytes: number }
    expect(cell.sizeBytes).toBe(10_000_000)
    expect(cell.text).toBe('é'.repeat(2048))
    const numbers = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 900)'
    const [many] = await run(`${numbers} SELECT x FROM n`)
    expect(many?.rows).toHaveLength(500)
    expect(many?.truncated).toBe(true)
    const [wide] = await run(`${numbers} SELECT ${of.long(2000)} AS wide, x FROM n`)
    expect(wide?.truncated).toBe(true)
    expect(JSON.stringify(wide).length).toBeLessThan(3 * MIB)
  })

  test('what fails says which statement, where and why; what stood before it was done', async () => {
    const answer = await database.run(
      `INSERT INTO kept (id) VALUES (7);\n\nSELECT\n  nothing_there FROM kept; DELETE FROM kept`,
    )
    expect(answer.statements).toHaveLength(1)
    expect(answer.error).toMatchObject({ statement: 2, timedOut: false })
    expect(answer.error?.message).toContain('nothing_there')
    const syntax = await database.run('SELECT 1;\nSELECT *\n  FRM kept')
    expect(syntax.error?.line).toBe(3)
    expect((await run('SELECT count(*) FROM kept'))[0]?.rows).toEqual([['4']])
    await run('DELETE FROM kept WHERE id = 7')
    // What is begun and not ended is undone with the connection.
    await run('BEGIN; DELETE FROM kept')
    expect((await run('SELECT count(*) FROM kept'))[0]?.rows).toEqual([['3']])
  })

  test('a statement that runs for ever is ended, in the server too', { timeout: 120_000 }, async () => {
    const answer = await database.run(`SELECT 1; ${of.endless}`)
    expect(answer.error).toMatchObject({ statement: 2, timedOut: true })
    expect(answer.statements).toHaveLength(1)
    const running = {
      mariadb: `SELECT count(*) FROM information_schema.processlist WHERE info LIKE '%SLEEP(1000)%' AND id <> CONNECTION_ID()`,
      postgresql: `SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(1000)%' AND pid <> pg_backend_pid()`,
    }[kind]
    if (running) expect((await run(running))[0]?.rows).toEqual([['0']])
    else expect((await execIn(agent, id, ['sh', '-c', 'cat /proc/[0-9]*/comm'])).stdout).not.toContain('sqlite3')
  })

  test('statements reach no file that the account of the database may not', async () => {
    for (const sql of of.readsFile) {
      const { statements, error } = await database.run(sql)
      if (!error) expect(statements[0]?.rows, sql).toEqual([[null]])
    }
    expect((await execIn(agent, id, ['ls', '/tmp'])).stdout).not.toMatch(/^(x|other.sqlite)$/m)
    const escaping = await database.run('.shell touch /tmp/escaped\n\\! touch /tmp/escaped')
    expect(escaping.error).toBeDefined()
    expect((await execIn(agent, id, ['ls', '/tmp'])).stdout).not.toContain('escaped')
  })

  test('what is exported can be imported again, plain and packed', async () => {
    const before = (await run('SELECT * FROM kept ORDER BY id'))[0]?.rows
    const plain = await exportAll(database)
    const packed = await exportAll(database, 'gz')
    expect(gunzipSync(packed).toString()).toContain('kept')
    for (const [dump, format] of [
      [plain, 'sql'],
      [packed, 'gz'],
      [Buffer.concat([gzipSync('SELECT 1;\n'), packed]), 'gz'],
    ] as const) {
      await run('DROP TABLE kept')
      await importText(database, dump, format)
      expect((await run('SELECT * FROM kept ORDER BY id'))[0]?.rows).toEqual(before)
    }
  })

  test('a dump that fails says the line and the statement; one that is cut changes nothing more', async () => {
    const dump = `INSERT INTO kept (id) VALUES (20);\n\nINSERT INTO nowhere VALUES (1);\nINSERT INTO kept (id) VALUES (21);\n`
    await expect(importText(database, dump)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/^Line 3: .*nowhere.* – .*INSERT INTO nowhere/s),
    })
    const [left] = await run('SELECT count(*) FROM kept WHERE id IN (20, 21)')
    expect(left?.rows).toEqual([[of.isWhole ? '0' : '1']])
    await run('DELETE FROM kept WHERE id IN (20, 21)')
    const cut = gzipSync('INSERT INTO kept (id) VALUES (22);\n')
    await expect(importText(database, cut.subarray(0, 30), 'gz')).rejects.toMatchObject({ code: 'invalid' })
    await expect(importText(database, 'no gzip at all', 'gz')).rejects.toMatchObject({ code: 'invalid' })
    await expect(importText(database, 'INSERT INTO', 'sql', 40)).rejects.toMatchObject({ code: 'invalid' })
    expect((await run('SELECT count(*) FROM kept'))[0]?.rows).toEqual([['3']])
  })

  test('100 MB are exported in flat memory', { timeout: 300_000 }, async () => {
    const digits = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100)'
    const create = 'CREATE TABLE large AS'
    await run(`${create} ${digits} SELECT x, ${of.long(500_000)} AS word FROM n`)
    const before = await residentBytes()
    let bytes = 0
    let peak = 0
    await database.export('sql', {
      take: async (chunk) => {
        bytes += chunk.length
        if (bytes % 64 === 0) peak = Math.max(peak, await residentBytes())
      },
      signal: never(),
    })
    peak = Math.max(peak, await residentBytes())
    expect(bytes).toBeGreaterThan(100_000_000)
    console.log(`${kind}: ${bytes} bytes exported, agent grew by ${((peak - before) / MIB).toFixed(1)} MiB`)
    expect(peak - before).toBeLessThan(50 * MIB)
    await run('DROP TABLE large')
  })

  test('a sleeping site answers; a stopped one where no server is needed, or says that it is stopped', async () => {
    await agent.engine.sleep(id, context)
    expect((await database.look()).tables.map(({ name }) => name)).toEqual(['kept'])
    await agent.engine.stop(id, context)
    if (kind === 'sqlite') expect((await database.rows({ table: 'kept', offset: 0, limit: 1 })).more).toBe(true)
    else
      await expect(database.look()).rejects.toMatchObject({
        code: 'conflict',
        hint: expect.stringContaining('ruche start'),
      })
  })
})

test('a site without a database says so', async () => {
  await agent.engine.create(specFor('bare', 44), context)
  await expect(agent.engine.database('bare', 'ada').look()).rejects.toMatchObject({ code: 'not_found' })
})

async function residentBytes(): Promise<number> {
  const pid = agent.pid()
  const text = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s*(\d+)/m.exec(text)?.[1]) * 1024
}
