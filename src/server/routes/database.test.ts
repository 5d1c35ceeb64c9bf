import { gunzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FakeDatabase } from '../../../tests/helpers/fake-database.js'
import { PANEL, PanelClient } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import { buildApp } from '../app.js'

describe('the database of a site', () => {
  let brain: TestBrain
  let app: FastifyInstance
  let alice: PanelClient
  let database: FakeDatabase
  const at = { params: { name: 'shop' } }
  beforeAll(async () => {
    brain = await openTestBrain()
    app = await buildApp(brain.dependencies, PANEL)
    alice = await new PanelClient(app).signIn('alice')
    const stack = { server: 'nginx', language: 'php', database: 'mariadb' }
    await alice.finish(brain, 'createSite', { body: { name: 'shop', stack } })
    database = brain.engine.database('shop')
    const words = ['one', 'two', 'three'].map((word, n) => [String(n + 1), word])
    database.put('words', [{ name: 'id', type: 'int' }, { name: 'word' }], words)
  })
  afterAll(async () => {
    await app.close()
    await brain.end()
  })

  const dump = (text: string, announced = text.length) => {
    const query = { format: 'sql', sizeBytes: String(announced) }
    const headers = { 'content-type': 'application/octet-stream' }
    return alice.send('importDatabase', { ...at, query }, { headers, payload: text })
  }

  it('shows tables, and pages of them in the order that is asked for', async () => {
    expect((await alice.call('lookAtDatabase', at)).tables).toMatchObject([{ name: 'words', rows: 3 }])
    const query = { table: 'words', sort: 'word', direction: 'down' as const, limit: 2 }
    const page = await alice.call('databaseRows', { ...at, query })
    expect(page).toMatchObject({
      rows: [
        ['2', 'two'],
        ['3', 'three'],
      ],
      more: true,
    })
    const rest = await alice.call('databaseRows', { ...at, query: { ...query, offset: 2 } })
    expect(rest).toMatchObject({ rows: [['1', 'one']], more: false })
  })

  it('runs statements; what fails is part of the answer', async () => {
    const run = await alice.call('runSql', { ...at, body: { sql: 'SELECT * FROM words;\nSELEC 1' } })
    expect(run.statements).toHaveLength(1)
    expect(run.error).toMatchObject({ statement: 2, line: 2, timedOut: false })
  })

  it('exports as a file of the name of the site, packed when that is asked for', async () => {
    const answer = await alice.send('exportDatabase', { ...at, query: { format: 'gz' } })
    expect(answer.headers['content-disposition']).toContain('filename="shop.sql.gz"')
    expect(gunzipSync(answer.rawPayload).toString()).toContain('"words"')
  })

  it('imports as many bytes as were announced, and says which statement failed', async () => {
    expect((await dump('INSERT INTO words;')).statusCode).toBe(200)
    expect(database.imported).toEqual(['INSERT INTO words;'])
    const broken = await dump('x\nBROKEN')
    expect(broken.statusCode).toBe(400)
    expect(broken.json().error.message).toContain('Line 2')
    expect((await dump('half', 40)).statusCode).toBe(400)
    expect(database.imported).toHaveLength(1)
  })

  it.each([
    { table: '' },
    { table: 'words', limit: 201 },
    { table: 'words', offset: -1 },
    { table: 'words', direction: 'sideways' },
    { table: 'words\0' },
  ])('refuses a page of %o', async (query) => {
    const answer = await alice.send('databaseRows', { ...at, query: query as never })
    expect(answer.statusCode).toBe(400)
  })
})
