import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { waitFor } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import { AppError } from '../../model/errors.js'
import { DEFAULT_LIMITS } from '../../model/limits.js'
import { DEFAULT_STACK } from '../../model/stack.js'
import { findSite } from '../register/sites.js'
import { createSite } from './create-site.js'
import { restartSite } from './power-site.js'
import { setPackages } from './set-packages.js'

let brain: TestBrain
const made = { owner: 'alice', domains: [], start: true, stack: DEFAULT_STACK, limits: DEFAULT_LIMITS }
beforeEach(async () => {
  brain = await openTestBrain()
  for (const name of ['shop', 'blog']) {
    const { operation } = await createSite(brain.dependencies, { name, ...made }, 'alice')
    await waitFor(brain, operation.id)
  }
})
afterEach(async () => {
  expect(brain.logged).toEqual([])
  await brain.end()
})

const set = async (name: string, packages: string[]) =>
  waitFor(brain, (await setPackages(brain.dependencies, name, packages, 'alice')).id)
const templateOf = (name: string) => brain.engine.cells.get(name)?.status.template
const packagesOf = async (name: string) => (await findSite(brain.dependencies.register.db, name))?.packages

describe('packages of a site', () => {
  it('become a template that sites with the same ones share, and go again', async () => {
    const plain = templateOf('shop')
    expect(await set('shop', ['git', 'tree'])).toMatchObject({ kind: 'site.packages', state: 'done' })
    const derived = brain.engine.stock.find(DEFAULT_STACK, ['git', 'tree'])?.digest
    expect(templateOf('shop')).toBe(derived)
    await set('blog', ['git', 'tree'])
    expect(templateOf('blog')).toBe(derived)
    expect(brain.engine.calls.filter((call) => call.startsWith('buildTemplate'))).toEqual([
      'buildTemplate nginx-php-none+git+tree',
    ])
    await waitFor(brain, (await restartSite(brain.dependencies, 'shop', 'alice')).id)
    expect(templateOf('shop')).toBe(derived)
    await set('shop', [])
    expect([templateOf('shop'), await packagesOf('shop')]).toEqual([plain, []])
    expect(brain.engine.cells.get('shop')?.status.phase).toBe('running')
  })

  it('that cannot be had leave the site as it is, and it is not even restarted', async () => {
    const plain = templateOf('shop')
    brain.engine.failNext('buildTemplate', new AppError('not_found', 'There is no package nope in the archive.'))
    brain.engine.calls.length = 0
    expect(await set('shop', ['nope'])).toMatchObject({
      state: 'failed',
      error: { code: 'not_found', message: 'There is no package nope in the archive.' },
    })
    expect([templateOf('shop'), await packagesOf('shop')]).toEqual([plain, []])
    expect(brain.engine.calls.filter((call) => /^(stop|start|update)/.test(call))).toEqual([])
  })

  it('with which the site does not start are left again', async () => {
    const plain = templateOf('shop')
    brain.engine.failNext('start', new AppError('timed_out', 'nginx did not answer.'))
    const ended = await set('shop', ['git'])
    expect(ended).toMatchObject({
      state: 'failed',
      error: { message: 'shop did worse with these packages: nginx did not answer.' },
    })
    expect([templateOf('shop'), await packagesOf('shop')]).toEqual([plain, []])
    expect(brain.engine.cells.get('shop')?.status.phase).toBe('running')
  })

  it('are those of its copies, too', async () => {
    await set('shop', ['git'])
    const shop = await findSite(brain.dependencies.register.db, 'shop')
    if (!shop) throw new Error('no shop')
    const origin = { kind: 'site' as const, name: 'shop', uuid: shop.uuid, environment: '' }
    const { operation } = await createSite(
      brain.dependencies,
      { ...made, name: 'copy', packages: shop.packages, origin },
      'alice',
    )
    expect(await waitFor(brain, operation.id)).toMatchObject({ state: 'done' })
    expect(await packagesOf('copy')).toEqual(['git'])
  })
})
