import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { PANEL, PanelClient } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import { AppError } from '../../model/errors.js'
import { buildApp } from '../app.js'
import { findSite } from '../register/sites.js'
import { findTrashed } from '../register/trash.js'
import { runBackupRound } from './backup-rounds.js'

let brain: TestBrain
let app: FastifyInstance
let alice: PanelClient
const at = { params: { name: 'shop' } }
const DAY_MS = 86_400_000

beforeEach(async () => {
  brain = await openTestBrain()
  app = await buildApp(brain.dependencies, PANEL)
  alice = await new PanelClient(app).signIn('alice')
  await alice.finish(brain, 'createSite', { body: { name: 'shop' } })
})
afterEach(async () => {
  await brain.end()
  expect(brain.logged).toEqual([])
})

const list = async () => (await alice.send('listBackups', at)).json()
const find = (name: string) => findSite(brain.dependencies.register.db, name)
const put = (name: string, text: string) =>
  brain.engine.cells.get(name)?.files.put('public/index.php', Buffer.from(text))
const page = async (name: string) =>
  Buffer.from((await brain.engine.files(name).read('public/index.php')).content).toString()
/** Time passes, and with it sessions. */
const pass = async (timeMs: number) => {
  brain.clock.pass(timeMs)
  alice = await new PanelClient(app).signIn('alice')
}
const back = async () => (await alice.finish(brain, 'backUpSite', at)).id

it('BKP-3: backs up and proves; the operation’s id is the backup’s', async () => {
  const operation = await alice.finish(brain, 'backUpSite', at)
  expect(operation).toMatchObject({ kind: 'site.backup', state: 'done' })
  expect((await list()).backups).toMatchObject([{ id: operation.id, proof: { proven: true } }])
})

it('says of a backup that cannot be proven why, and lists it all the same', async () => {
  const uuid = (await find('shop'))?.uuid ?? ''
  brain.engine.backups(uuid).fault = { reason: 'Its page answers 500 once it is restored.', pageStatus: 500 }
  const operation = await alice.finish(brain, 'backUpSite', at)
  expect(operation.state).toBe('done')
  expect(operation.log.join()).toContain('not proven: Its page answers 500')
  expect((await list()).backups[0].proof).toMatchObject({ proven: false, reason: expect.stringContaining('500') })
})

it('BKP-5: a backup that fails says so, and is not listed', async () => {
  brain.engine.failNext('backup', new AppError('limit_reached', 'The disk of the host is full.'))
  expect(await alice.finish(brain, 'backUpSite', at)).toMatchObject({
    state: 'failed',
    error: { code: 'limit_reached' },
  })
  expect((await list()).backups).toEqual([])
})

it('restores in place, one file, and as a new site that has the variables too', async () => {
  await alice.finish(brain, 'changeEnvironment', { ...at, body: { variables: { MODE: 'test' } } })
  put('shop', 'first')
  const id = await back()
  put('shop', 'second')
  const params = { name: 'shop', id }
  await alice.finish(brain, 'restoreAsSite', { params, body: { name: 'twin' } })
  expect([await page('twin'), await page('shop')]).toEqual(['first', 'second'])
  expect(brain.engine.specOf('twin')?.settings.environment).toEqual({ MODE: 'test' })
  await alice.finish(brain, 'restoreBackup', { params, body: { path: 'public/index.php' } })
  expect(await page('shop')).toBe('first')
  put('shop', 'third')
  await alice.finish(brain, 'restoreBackup', { params, body: {} })
  expect(await page('shop')).toBe('first')
})

it('a clone begins as the site is, and is made of it also after a crash in the middle', async () => {
  put('shop', 'as it is')
  const operation = await alice.finish(brain, 'cloneSite', { ...at, body: { name: 'twin' } })
  expect(operation).toMatchObject({ kind: 'site.create', state: 'done' })
  expect(await page('twin')).toBe('as it is')
  expect(await find('twin')).toMatchObject({ owner: 'alice', origin: null, lifecycle: 'ready' })
  expect(brain.engine.calls).toContain('copy twin')
})

it('BKP-2: another person’s backup cannot be seen, taken, restored or removed, nor reached by way of one’s own site', async () => {
  const id = await back()
  const bob = await new PanelClient(app).signIn('bob')
  await bob.finish(brain, 'createSite', { body: { name: 'other' } })
  const params = { name: 'shop', id }
  for (const call of ['listBackups', 'backupFiles', 'downloadBackup', 'removeBackup', 'proveBackup'] as const)
    expect((await bob.send(call, { params })).statusCode, call).toBe(403)
  expect((await bob.send('restoreBackup', { params, body: {} })).statusCode).toBe(403)
  expect((await bob.send('restoreAsSite', { params, body: { name: 'stolen' } })).statusCode).toBe(403)
  for (const call of ['backupFiles', 'downloadBackup', 'removeBackup', 'proveBackup'] as const)
    expect((await bob.send(call, { params: { name: 'other', id } })).statusCode, call).toBe(404)
  expect((await list()).backups).toHaveLength(1)
})

it('downloads the archive as it lies there', async () => {
  const answer = await alice.send('downloadBackup', { params: { name: 'shop', id: await back() } })
  expect(answer.statusCode).toBe(200)
  expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="shop-[\d-]+-[a-z2-7]{12}\.tar"$/)
  expect(answer.body).toBe('an archive')
})

it('the daily round backs up what is due, once', async () => {
  await runBackupRound(brain.dependencies)
  expect((await list()).backups).toEqual([])
  await pass(DAY_MS + 1000)
  await runBackupRound(brain.dependencies)
  expect((await list()).backups).toHaveLength(1)
  await alice.send('setBackupPlan', { ...at, body: { daily: false, keepDaily: 3, keepWeekly: 0 } })
  expect((await list()).plan).toEqual({ daily: false, keepDaily: 3, keepWeekly: 0 })
  await pass(3 * DAY_MS)
  await runBackupRound(brain.dependencies)
  expect((await list()).backups).toHaveLength(1)
})

it('a deleted site comes back as itself, under its name or another, with its backups', async () => {
  put('shop', 'kept')
  const id = await back()
  const uuid = (await find('shop'))?.uuid
  await alice.finish(brain, 'destroySite', { ...at, query: {} })
  expect(brain.engine.cells.has('shop')).toBe(false)
  const { sites } = (await alice.send('listTrash', { query: {} })).json()
  expect(sites).toMatchObject([{ id: uuid, name: 'shop', owner: 'alice' }])
  const bob = await new PanelClient(app).signIn('bob')
  expect((await bob.send('listTrash', { query: {} })).json().sites).toEqual([])
  expect((await bob.send('recoverSite', { params: { id: uuid }, body: {} })).statusCode).toBe(404)
  expect((await bob.send('purgeSite', { params: { id: uuid } })).statusCode).toBe(404)
  await alice.finish(brain, 'recoverSite', { params: { id: uuid ?? '' }, body: { name: 'shop-2' } })
  expect(await page('shop-2')).toBe('kept')
  expect((await find('shop-2'))?.uuid).toBe(uuid)
  expect((await alice.send('listTrash', { query: {} })).json().sites).toEqual([])
  expect((await alice.send('listBackups', { params: { name: 'shop-2' } })).json().backups).toMatchObject([{ id }])
})

it('purged, or long enough in the trash, a site is gone with its backups', async () => {
  await back()
  await alice.finish(brain, 'destroySite', { ...at, query: { purge: 'true' } })
  expect((await alice.send('listTrash', { query: {} })).json().sites).toEqual([])
  await alice.finish(brain, 'createSite', { body: { name: 'second' } })
  const uuid = (await find('second'))?.uuid ?? ''
  await alice.finish(brain, 'destroySite', { params: { name: 'second' }, query: {} })
  await pass(6 * DAY_MS)
  await runBackupRound(brain.dependencies)
  expect(brain.engine.trash.has(uuid)).toBe(true)
  await pass(DAY_MS + 1000)
  await runBackupRound(brain.dependencies)
  expect(brain.engine.trash.has(uuid)).toBe(false)
  expect((await alice.send('listTrash', { query: {} })).json().sites).toEqual([])
})

it('CRA-2: a purge that is cut off is hidden at once, and ended by the next round', async () => {
  const id = await back()
  const uuid = (await find('shop'))?.uuid ?? ''
  await alice.finish(brain, 'destroySite', { ...at, query: {} })
  const fault = new AppError('busy', 'It is being read.')
  vi.spyOn(brain.engine.backups(uuid), 'remove').mockRejectedValueOnce(fault)
  expect((await alice.send('purgeSite', { params: { id: uuid } })).statusCode).toBe(423)
  expect((await alice.send('listTrash', { query: {} })).json().sites).toEqual([])
  expect((await alice.send('recoverSite', { params: { id: uuid }, body: {} })).statusCode).toBe(404)
  expect(await brain.engine.backups(uuid).list()).toMatchObject([{ id }])
  await runBackupRound(brain.dependencies)
  expect(await brain.engine.backups(uuid).list()).toEqual([])
  expect(await findTrashed(brain.dependencies.register.db, uuid)).toBeUndefined()
})

it('CRA-2: a site that was kept already when its purge was asked for is purged all the same', async () => {
  const uuid = (await find('shop'))?.uuid ?? ''
  // What an earlier removal, which was cut off after the engine had kept it, has left.
  await brain.engine.destroy('shop', { actor: 'system' }, uuid)
  await alice.finish(brain, 'destroySite', { ...at, query: { purge: 'true' } })
  expect(brain.engine.trash.has(uuid)).toBe(false)
})

it('a site is handed over within the new owner’s quota, and the former owner’s keys and password are out', async () => {
  const before = brain.engine.specOf('shop')?.settings.sftpPasswordHash
  expect(await alice.finish(brain, 'handOver', { ...at, body: { owner: 'bob' } })).toMatchObject({ state: 'done' })
  expect(await find('shop')).toMatchObject({ owner: 'bob' })
  expect(brain.engine.specOf('shop')?.settings).toMatchObject({ sftpKeys: [] })
  expect(brain.engine.specOf('shop')?.settings.sftpPasswordHash).not.toBe(before)
  expect((await alice.send('getSite', at)).statusCode).toBe(403)
  const admin = await new PanelClient(app).signIn('admin')
  await admin.send('setPerson', { params: { login: 'claire' }, body: { quota: { sites: 0 }, reason: 'test' } })
  const refused = await admin.send('handOver', { ...at, body: { owner: 'claire' } })
  expect([refused.statusCode, refused.json().error.code]).toEqual([429, 'limit_reached'])
})
