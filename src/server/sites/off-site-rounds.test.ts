import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FakeOffSite } from '../../../tests/helpers/fake-off-site.js'
import { PANEL, PanelClient } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import { AppError } from '../../model/errors.js'
import { buildApp } from '../app.js'
import { insertCopyRow } from '../register/off-site-copies.js'
import { findSite } from '../register/sites.js'
import { isReadyToLeave, planWait, runOffSiteRound } from './off-site-rounds.js'

let brain: TestBrain
let app: FastifyInstance
let alice: PanelClient
let elsewhere: FakeOffSite
const at = { params: { name: 'shop' } }
const MINUTE_MS = 60_000
const DAY_MS = 1440 * MINUTE_MS

beforeEach(async () => {
  elsewhere = new FakeOffSite()
  brain = await openTestBrain({ offSite: elsewhere })
  app = await buildApp(brain.dependencies, PANEL)
  alice = await new PanelClient(app).signIn('alice')
  await alice.finish(brain, 'createSite', { body: { name: 'shop' } })
})
afterEach(() => brain.end())

const round = () => runOffSiteRound(brain.dependencies)
const list = () => alice.call('listBackups', at)
const back = async () => (await alice.finish(brain, 'backUpSite', at)).id
const pass = async (timeMs: number) => {
  brain.clock.pass(timeMs)
  alice = await new PanelClient(app).signIn('alice')
}
const copies = () => [...elsewhere.kept.values()].map(({ copy }) => copy.id).sort()

it('BKP-8: copies each backup once, and shows since when', async () => {
  const id = await back()
  expect((await list()).offSite).toEqual({})
  await round()
  await round()
  expect(copies()).toEqual([id])
  expect(elsewhere.kept.values().next().value?.archive.toString()).toBe('an archive')
  expect((await list()).offSite).toEqual({ [id]: { copiedAt: expect.any(String) } })
})

it('BKP-8: says why a copy failed, waits longer each time, and goes on when it can', async () => {
  const id = await back()
  elsewhere.fault = new AppError('host_failed', 'Connection refused')
  await round()
  expect((await list()).offSite?.[id]).toMatchObject({ reason: 'Connection refused', nextAt: expect.any(String) })
  elsewhere.fault = undefined
  await round()
  expect(copies()).toEqual([])
  await pass(3 * MINUTE_MS)
  await round()
  expect(copies()).toEqual([id])
  expect((await list()).offSite?.[id]).not.toHaveProperty('reason')
  expect([1, 2, 3, 20].map(planWait)).toEqual([2, 4, 8, 360].map((minutes) => minutes * MINUTE_MS))
})

it('leaves a backup alone until it was tried out, but not for ever', () => {
  const now = new Date()
  const made = (ageMs: number) => ({ createdAt: new Date(now.getTime() - ageMs).toISOString() })
  expect(isReadyToLeave(made(MINUTE_MS), now)).toBe(false)
  expect(isReadyToLeave({ ...made(0), proof: { proven: false, at: '', durationMs: 1 } }, now)).toBe(true)
  expect(isReadyToLeave(made(2 * 60 * MINUTE_MS), now)).toBe(true)
})

it('BKP-8: a backup that is only there comes back and can be restored', async () => {
  const id = await back()
  await round()
  const uuid = (await findSite(brain.dependencies.register.db, 'shop'))?.uuid ?? ''
  const backups = brain.engine.backups(uuid)
  const kept = backups.kept.get(id)
  backups.kept.clear()
  expect(await list()).toMatchObject({ backups: [], elsewhere: [{ id }] })
  let came = ''
  backups.put = async (backup, archive) => {
    for await (const chunk of archive as AsyncIterable<Uint8Array>) came += Buffer.from(chunk).toString()
    if (kept) backups.kept.set(backup, kept)
    return kept?.backup ?? expect.fail('it was there')
  }
  expect(await alice.finish(brain, 'fetchBackup', { params: { name: 'shop', id } })).toMatchObject({ state: 'done' })
  expect(came).toBe('an archive')
  expect(await list()).toMatchObject({ backups: [{ id }], elsewhere: [] })
})

it('keeps there what the site’s plan keeps, and lets go of what was deleted', async () => {
  await alice.call('setBackupPlan', { ...at, body: { daily: false, keepDaily: 2, keepWeekly: 0 } })
  const site_uuid = (await findSite(brain.dependencies.register.db, 'shop'))?.uuid ?? ''
  const old = ['oldestoldest', 'olderolderol', 'youngestaaaa']
  for (const [n, backup] of old.entries()) {
    const createdAt = new Date(brain.clock.now().getTime() - (2 - n) * DAY_MS).toISOString()
    const copied = { id: backup, key: site_uuid, site: 'shop', createdAt, sizeBytes: 0, proven: true }
    const snapshot = await elsewhere.copy(copied, (async function* () {})())
    await insertCopyRow(brain.dependencies.register.db, {
      ...{ site_uuid, backup, created_at: createdAt, proven: 1, copied_at: createdAt, snapshot },
      ...{ attempts: 0, reason: null, next_at: null, leaving: 0 },
    })
  }
  await round()
  expect(copies()).toEqual(old.slice(1).sort())
  await alice.finish(brain, 'destroySite', { ...at, query: { purge: 'true' } })
  await round()
  expect(copies()).toEqual([])
})

it('reads a part back once a week, and says when that went wrong', async () => {
  await back()
  await round()
  await round()
  expect(elsewhere.checks).toBe(1)
  await pass(8 * DAY_MS)
  elsewhere.fault = new AppError('host_failed', 'Pack 1234 is damaged')
  await round()
  const admin = await new PanelClient(app).signIn('admin')
  expect((await admin.call('listOffSite')).check).toMatchObject({ reason: 'Pack 1234 is damaged' })
})

it('shows administrators how it stands with every site, without asking for each', async () => {
  const admin = await new PanelClient(app).signIn('admin')
  await alice.finish(brain, 'createSite', { body: { name: 'blog' } })
  const plan = { daily: false, keepDaily: 7, keepWeekly: 4 }
  await alice.call('setBackupPlan', { params: { name: 'blog' }, body: plan })
  const id = await back()
  const all = () => admin.call('listAllBackups')
  expect(await all()).toMatchObject({ hasOffSite: true, sites: [{ site: 'blog' }, { site: 'shop', offSite: {} }] })
  await round()
  const { sites } = await all()
  expect(sites[0]).toMatchObject({ site: 'blog', owner: 'alice', count: 0, daily: false })
  expect(Object.keys(sites[0] ?? {})).not.toContain('nextAt')
  expect(sites[1]).toMatchObject({
    ...{ site: 'shop', count: 1, daily: true, nextAt: expect.any(String), provenAt: expect.any(String) },
    ...{ newest: { id, proof: { proven: true } }, offSite: { copiedAt: expect.any(String) } },
  })
  expect((await admin.call('listOffSite')).copies).toMatchObject([{ id, isHere: true }])
  const uuid = (await findSite(brain.dependencies.register.db, 'shop'))?.uuid ?? ''
  brain.engine.backups(uuid).kept.clear()
  expect((await admin.call('listOffSite')).copies).toMatchObject([{ id, isHere: false }])
  brain.engine.setDown(true)
  expect((await admin.send('listAllBackups')).statusCode).toBe(503)
  expect((await admin.call('listOffSite')).copies[0]).not.toHaveProperty('isHere')
  brain.engine.setDown(false)
})
