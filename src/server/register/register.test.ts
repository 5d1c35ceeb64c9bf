import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findPostgres, openPostgres, type Postgres } from '../../../tests/helpers/postgres.js'
import { DEFAULT_QUOTA } from '../../model/limits.js'
import type { Operation } from '../../model/operation.js'
import { deleteAnnouncement, insertAnnouncement, listAnnouncements, updateAnnouncement } from './announcements.js'
import { findSiteOfDomain, insertDomain } from './domains.js'
import {
  findOperation,
  listOperations,
  listRunning,
  type OwnOperations,
  pruneOperations,
  saveOperation,
} from './operations.js'
import { mayCreate, quotaOf, readPerson, savePerson } from './people.js'
import type { Queries } from './register.js'
import { openRegister, type Register } from './register.js'
import { findSessionByHash, insertSession } from './sessions.js'
import { deleteSite, findSite, insertSite, listSites, updateSite } from './sites.js'
import { hasStableSqlite } from './sqlite-facade.js'

const AT = '2026-11-23T12:00:00.000Z'
const site = (name: string, address: number, change: object = {}) => ({
  name,
  uuid: `uuid-${name}-${address}`,
  owner: 'alice',
  server: 'nginx',
  language: 'php',
  database: 'none',
  address,
  sftp_port: 22000 + address,
  cpu_milli: 1000,
  memory_bytes: 3 * 1024 ** 3,
  disk_bytes: 1024 ** 4,
  pids: 256,
  wanted: 'running' as const,
  lifecycle: 'ready' as const,
  created_at: AT,
  ...change,
})
const operation = (id: string, change: Partial<Operation> = {}): Operation => ({
  id: id.padEnd(12, 'a'),
  kind: 'site.start',
  subject: 'shop',
  by: 'alice',
  state: 'done',
  createdAt: AT,
  steps: [{ name: 'start', startedAt: AT, durationMs: 3 }],
  log: ['one'],
  ...change,
})

const postgresPrograms = findPostgres()
const databases = [['sqlite'], ...(postgresPrograms ? [['postgresql']] : [])]

const addDomain = (queries: Queries, site: string, name: string, proof: 'record' | null = 'record') =>
  insertDomain(queries, { name, site, proof, created_at: AT })

describe.each(databases)('the register on %s', (kind) => {
  let postgres: Postgres | undefined
  let folder: string
  let url = 'sqlite'
  let register: Register
  beforeAll(async () => {
    if (kind === 'postgresql' && postgresPrograms) postgres = await openPostgres(postgresPrograms)
  })
  afterAll(() => postgres?.close())
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ruche-register-'))
    if (postgres) url = await postgres.makeDatabase()
    register = await openRegister(url, folder)
  })
  afterEach(async () => {
    await register.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('keeps sites with sizes beyond 32 bits, and their names in order', async () => {
    await register.change(async (queries) => {
      await insertSite(queries, site('shop', 2))
      await addDomain(queries, 'shop', 'z.example.org')
      await addDomain(queries, 'shop', 'asked.example.org', null)
      await addDomain(queries, 'shop', 'a.example.org')
    })
    expect(await findSite(register.db, 'shop')).toMatchObject({
      cell: 1,
      member: 'local',
      limits: { memoryBytes: 3 * 1024 ** 3, diskBytes: 1024 ** 4 },
      domains: ['z.example.org', 'a.example.org'],
      claims: ['asked.example.org'],
      keys: [],
      generation: 1,
      applied: 0,
    })
    expect(await findSiteOfDomain(register.db, 'a.example.org')).toBe('shop')
    expect(await findSiteOfDomain(register.db, 'asked.example.org')).toBeUndefined()
    expect(await findSite(register.db, 'none')).toBeUndefined()
  })

  it('is the same after it was closed and opened again', async () => {
    await register.change((queries) => insertSite(queries, site('shop', 2)))
    await register.close()
    register = await openRegister(url, folder)
    expect((await listSites(register.db)).map((one) => one.name)).toEqual(['shop'])
  })

  it.each([
    ['name', site('shop', 3)],
    ['address', site('other', 2, { sftp_port: 22_900 })],
    ['sftpPort', site('other', 3, { sftp_port: 22_002 })],
  ])('refuses a second %s, as a conflict of that field', async (path, second) => {
    await register.change((queries) => insertSite(queries, site('shop', 2)))
    const again = register.change((queries) => insertSite(queries, second))
    await expect(again).rejects.toMatchObject({ code: 'conflict', fields: [{ path }] })
  })

  it('refuses a second site for a domain, and undoes the whole transaction', async () => {
    await register.change(async (queries) => {
      await insertSite(queries, site('shop', 2))
      await addDomain(queries, 'shop', 'example.org')
    })
    const again = register.change(async (queries) => {
      await insertSite(queries, site('other', 3))
      await addDomain(queries, 'other', 'example.org')
    })
    await expect(again).rejects.toMatchObject({ code: 'conflict', fields: [{ path: 'domains' }] })
    expect(await findSite(register.db, 'other')).toBeUndefined()
  })

  it('gives the same address in another cell', async () => {
    await register.change((queries) => insertSite(queries, site('shop', 2)))
    await register.change((queries) => insertSite(queries, site('other', 2, { cell: 2 })))
    expect(await listSites(register.db)).toHaveLength(2)
  })

  it('forgets the domains of a site that is deleted', async () => {
    await register.change(async (queries) => {
      await insertSite(queries, site('shop', 2))
      await addDomain(queries, 'shop', 'example.org')
      await deleteSite(queries, 'shop')
    })
    expect(await findSiteOfDomain(register.db, 'example.org')).toBeUndefined()
  })

  it('refuses words that are not of the list', async () => {
    await register.change((queries) => insertSite(queries, site('shop', 2)))
    await expect(updateSite(register.db, 'shop', { wanted: 'perhaps' as 'running' })).rejects.toThrow()
    await expect(savePerson(register.db, 'alice', { decision: 'perhaps' as 'group' })).rejects.toThrow()
  })

  it('runs allocating transactions one after the other', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        register.change(async (queries) => {
          const taken = (await listSites(queries)).map((one) => one.address)
          await insertSite(queries, site(`shop-${n}`, Math.max(1, ...taken) + 1))
        }),
      ),
    )
    const addresses = (await listSites(register.db)).map((one) => one.address)
    expect(new Set(addresses).size).toBe(20)
  })

  it('knows people by what was decided, else by their groups', async () => {
    expect(quotaOf(await readPerson(register.db, 'nobody'))).toEqual(DEFAULT_QUOTA)
    await savePerson(register.db, 'alice', { name: 'Alice', creator: 1 })
    await savePerson(register.db, 'alice', { decision: 'denied', quota_disk_bytes: 2 ** 40 })
    const alice = await readPerson(register.db, 'alice')
    expect(alice).toMatchObject({ name: 'Alice', creator: 1, decision: 'denied' })
    expect(quotaOf(alice)).toEqual({ ...DEFAULT_QUOTA, diskBytes: 2 ** 40 })
    expect(mayCreate(alice)).toBe(false)
    expect(mayCreate({ ...alice, decision: 'group' })).toBe(true)
    expect(mayCreate({ ...alice, decision: 'allowed', creator: 0 })).toBe(true)
    expect(mayCreate({ ...alice, decision: 'group', creator: 0 })).toBe(false)
  })

  it('keeps operations whole, newest first, and shows each only to whom it concerns', async () => {
    const error = { code: 'host_failed' as const, message: 'no', id: 'x' }
    await saveOperation(register.db, operation('b', { state: 'running', createdAt: '2026-11-23T12:00:01.000Z' }))
    await saveOperation(
      register.db,
      operation('b', { state: 'failed', createdAt: '2026-11-23T12:00:01.000Z', endedAt: AT, error }),
    )
    await saveOperation(register.db, operation('c', { by: 'bob', subject: 'blog' }))
    await saveOperation(register.db, operation('d', { kind: 'template.build', by: 'admin', subject: 'shop' }))
    expect(await findOperation(register.db, 'baaaaaaaaaaa')).toMatchObject({ state: 'failed', error, log: ['one'] })
    const ids = async (only?: OwnOperations) =>
      (await listOperations(register.db, 10, only)).map((one) => one.id[0]).join('')
    expect(await ids()).toBe('bcd')
    expect(await ids({ by: 'bob', sites: [] })).toBe('c')
    const shop = { name: 'shop', created_at: '2026-11-23T11:00:00.000Z' }
    expect(await ids({ by: 'nobody', sites: [shop] })).toBe('b')
    // A site of the same name that came later has nothing of the one before.
    expect(await ids({ by: 'nobody', sites: [{ ...shop, created_at: '2026-11-23T13:00:00.000Z' }] })).toBe('')
    expect(await listRunning(register.db)).toEqual([])
    await pruneOperations(register.db, '2027-01-01T00:00:00.000Z')
    expect(await ids()).toBe('cd')
  })

  it('keeps announcements, the newest first', async () => {
    const row = { id: 'a', kind: 'warning' as const, text_en: null, text_fr: 'Ce soir', starts_at: null, ends_at: AT }
    const made = { by: 'admin', created_at: AT, changed_at: AT }
    await insertAnnouncement(register.db, { ...row, ...made })
    await insertAnnouncement(register.db, { ...row, ...made, id: 'b', created_at: '2026-11-24T12:00:00.000Z' })
    const { id: _, ...rest } = row
    const change = { ...rest, text_en: 'Tonight', by: 'root', changed_at: '2026-11-25T12:00:00.000Z' }
    expect(await updateAnnouncement(register.db, 'a', change)).toBe(true)
    expect(await updateAnnouncement(register.db, 'c', change)).toBe(false)
    expect(await listAnnouncements(register.db)).toEqual([
      { ...row, ...made, id: 'b', created_at: '2026-11-24T12:00:00.000Z' },
      { ...change, id: 'a', created_at: AT },
    ])
    expect([await deleteAnnouncement(register.db, 'b'), await deleteAnnouncement(register.db, 'b')]).toEqual([
      true,
      false,
    ])
  })

  it('finds a session by the token before only for a while', async () => {
    await insertSession(register.db, {
      id: 's',
      token_hash: 'now',
      previous_hash: 'before',
      previous_until: AT,
      rotate: 0,
      login: 'alice',
      name: 'Alice',
      administrator: 0,
      creator: 1,
      directory_id: null,
      created_at: AT,
      seen_at: AT,
      checked_at: AT,
      address: null,
      browser: null,
    })
    expect(await findSessionByHash(register.db, 'before', '2026-11-23T11:59:59.000Z')).toBeDefined()
    expect(await findSessionByHash(register.db, 'before', AT)).toBeUndefined()
    expect(await findSessionByHash(register.db, 'now', AT)).toBeDefined()
  })
})

describe('opening', () => {
  it('refuses another kind of database, and a file that is none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ruche-register-'))
    await expect(openRegister('mysql://x', folder)).rejects.toMatchObject({ code: 'invalid' })
    await writeFile(join(folder, 'register.db'), 'this is not a database'.repeat(1000))
    await expect(openRegister('sqlite', folder)).rejects.toThrow()
    await rm(folder, { recursive: true })
  })

  it('keeps the file to its owner', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ruche-register-'))
    const register = await openRegister('sqlite', folder)
    for (const name of ['register.db', 'register.db-wal'])
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
    await register.close()
    await rm(folder, { recursive: true })
  })

  it.each([
    ['20.19.2', false],
    ['22.12.0', false],
    ['22.13.0', true],
    ['24.1.0', true],
  ])('takes Node %s’s own SQLite: %s', (version, takes) => expect(hasStableSqlite(version)).toBe(takes))
})
