import { afterEach, beforeEach, expect, it } from 'vitest'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import { DEFAULT_LIMITS } from '../../model/limits.js'
import { DEFAULT_SETTINGS } from '../../model/site-settings.js'
import { DEFAULT_STACK } from '../../model/stack.js'
import { findSite, updateSite } from '../register/sites.js'
import { changeSettings, purgeCache, settingsOf } from './change-settings.js'
import { createSite } from './create-site.js'

let brain: TestBrain
beforeEach(async () => {
  brain = await openTestBrain()
  const site = { name: 'shop', owner: 'alice', stack: DEFAULT_STACK, limits: DEFAULT_LIMITS, domains: [], start: true }
  await finish(createSite(brain.dependencies, site, 'alice').then(({ operation }) => operation))
})
afterEach(() => brain.end())

async function finish(begun: Promise<{ id: string }>) {
  const { id } = await begun
  await brain.dependencies.operations.ended(id)
  return brain.dependencies.operations.find(id)
}
const change = (settings: object) => finish(changeSettings(brain.dependencies, 'shop', settings, 'alice'))
const stored = async () => (await findSite(brain.dependencies.register.db, 'shop'))?.settings ?? ''
const routed = () => brain.proxy.routes?.sites[0]?.settings

it('keeps what differs, and the front proxy has it when the operation is done', async () => {
  expect(routed()).toBeUndefined()
  expect((await change({ noindex: true, allow: ['10.0.0.0/8'] }))?.state).toBe('done')
  expect(routed()).toEqual({ ...DEFAULT_SETTINGS, cacheEpoch: 0, noindex: true, allow: ['10.0.0.0/8'] })
  await change({ noindex: false, allow: [] })
  expect(await stored()).toBe('{}')
})

it('refuses what does not go together, and changes nothing', async () => {
  await expect(change({ visitors: 'password' })).rejects.toMatchObject({
    code: 'invalid',
    fields: [{ path: 'password', message: 'a password is needed' }],
  })
  expect(await stored()).toBe('{}')
})

it('has the old settings again when the front proxy does not take the new ones', async () => {
  await change({ hsts: 'day' })
  brain.proxy.failure = new Error('nginx is away')
  expect((await change({ noindex: true }))?.state).toBe('failed')
  expect(await stored()).toBe('{"hsts":"day"}')
})

it('counts up at a purge', async () => {
  await finish(purgeCache(brain.dependencies, 'shop', 'alice'))
  await finish(purgeCache(brain.dependencies, 'shop', 'alice'))
  expect(settingsOf({ settings: await stored() }).cacheEpoch).toBe(2)
})

it('AGT-5: what was damaged closes the site until something is set', async () => {
  await updateSite(brain.dependencies.register.db, 'shop', { settings: '{"visitors":"nobody knows"}' })
  await brain.dependencies.routing.refresh()
  expect(routed()).toBe('unreadable')
  await change({ noindex: true })
  expect(await stored()).toBe('{"noindex":true}')
})
