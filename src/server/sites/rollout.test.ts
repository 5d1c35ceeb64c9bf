import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { waitFor } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import { DEFAULT_LIMITS } from '../../model/limits.js'
import { CANARY_ID } from '../../model/names.js'
import type { Operation } from '../../model/operation.js'
import { DEFAULT_STACK } from '../../model/stack.js'
import { findSite } from '../register/sites.js'
import { createSite } from './create-site.js'
import { rollBackSite } from './move-site.js'
import { restartSite, startSite, stopSite } from './power-site.js'
import { rollOut } from './rollout.js'

const SLOW_MS = 20_000

let brain: TestBrain
beforeEach(async () => {
  brain = await openTestBrain()
})
afterEach(async () => {
  expect(brain.logged).toEqual([])
  await brain.end()
})

const done = async (operation: Promise<Operation>) => waitFor(brain, (await operation).id)
const create = async (...names: string[]) => {
  for (const name of names) {
    const more = { owner: 'alice', domains: [], start: true, stack: DEFAULT_STACK, limits: DEFAULT_LIMITS }
    await done(createSite(brain.dependencies, { name, ...more }, 'alice').then(({ operation }) => operation))
  }
}
const templateOf = (name: string) => brain.engine.cells.get(name)?.status.template
const newer = () => {
  const { digest } = brain.engine.stock.add('nginx-php-none')
  brain.dependencies.changes.publish({ type: 'templates' })
  return digest
}

describe('a newer template', () => {
  it('is what a site runs on from its next start, and it can go back and then stays', async () => {
    await create('shop')
    const before = templateOf('shop')
    const digest = newer()
    expect(templateOf('shop')).toBe(before)
    await done(restartSite(brain.dependencies, 'shop', 'alice'))
    expect(templateOf('shop')).toBe(digest)
    expect(await done(rollBackSite(brain.dependencies, 'shop', 'alice'))).toMatchObject({ state: 'done' })
    expect(templateOf('shop')).toBe(before)
    await done(restartSite(brain.dependencies, 'shop', 'alice'))
    expect(templateOf('shop')).toBe(before)
    const another = newer()
    await done(stopSite(brain.dependencies, 'shop', 'alice'))
    await done(startSite(brain.dependencies, 'shop', 'alice'))
    expect(templateOf('shop')).toBe(another)
  })

  it(
    'that does a site no good at a restart is left again, and the site runs on',
    async () => {
      await create('shop')
      const before = templateOf('shop')
      brain.engine.stock.pages.set(`shop ${newer()}`, 500)
      const ended = await done(restartSite(brain.dependencies, 'shop', 'alice'))
      expect(ended.state).toBe('done')
      expect(ended.log.join('\n')).toContain('its page answers 500 instead of 200')
      expect(brain.engine.cells.get('shop')?.status).toMatchObject({ phase: 'running', template: before })
    },
    SLOW_MS,
  )
})

describe('a rollout', () => {
  it('tries a copy first, without names or network, then moves one site after the other', async () => {
    await create('one', 'two', 'three')
    await done(stopSite(brain.dependencies, 'three', 'alice'))
    const digest = newer()
    brain.engine.calls.length = 0
    expect(await done(rollOut(brain.dependencies, undefined, 'admin'))).toMatchObject({ state: 'done' })
    const acts = brain.engine.calls.filter((call) => /^(copy|start|stop|destroy)/.test(call))
    expect(acts).toEqual([
      `destroy ${CANARY_ID}`,
      `copy ${CANARY_ID}`,
      `start ${CANARY_ID}`,
      `destroy ${CANARY_ID}`,
      ...['stop one', 'start one', 'stop two', 'start two'],
    ])
    expect([templateOf('one'), templateOf('two')]).toEqual([digest, digest])
    expect(templateOf('three')).not.toBe(digest)
  })

  it(
    'touches no site when the copy does worse',
    async () => {
      await create('one', 'two')
      brain.engine.stock.pages.set(`${CANARY_ID} ${newer()}`, null)
      const ended = await done(rollOut(brain.dependencies, undefined, 'admin'))
      expect(ended).toMatchObject({
        state: 'failed',
        error: { message: 'A copy of one did worse on the new template: its page answers nothing instead of 200.' },
      })
      expect(brain.engine.calls.filter((call) => call.startsWith('stop'))).toEqual([])
      expect(brain.engine.cells.has(CANARY_ID)).toBe(false)
    },
    SLOW_MS,
  )

  it(
    'puts back the site that got worse, says so, leaves the others alone, and does not try that site again',
    async () => {
      await create('one', 'two', 'three')
      const before = templateOf('one')
      const digest = newer()
      brain.engine.stock.pages.set(`two ${digest}`, 502)
      const ended = await done(rollOut(brain.dependencies, undefined, 'admin'))
      expect(ended.state).toBe('failed')
      expect(ended.error?.message).toContain('two did worse on the other template: its page answers 502 instead of 200')
      expect(['one', 'two', 'three'].map(templateOf)).toEqual([digest, before, before])
      const [move] = (await brain.dependencies.operations.list()).filter(
        ({ kind, subject }) => kind === 'site.update' && subject === 'two',
      )
      expect(move).toMatchObject({ state: 'failed', by: 'admin' })
      expect(await findSite(brain.dependencies.register.db, 'two')).toMatchObject({ template_refused: digest })
      expect(await done(rollOut(brain.dependencies, undefined, 'admin'))).toMatchObject({ state: 'done' })
      expect(['one', 'two', 'three'].map(templateOf)).toEqual([digest, before, digest])
    },
    SLOW_MS,
  )

  it('leaves alone what answered badly before: that is not worse', async () => {
    await create('one')
    for (const digest of [templateOf('one'), newer()]) brain.engine.stock.pages.set(`one ${digest}`, 500)
    for (const digest of brain.engine.stock.all.map((one) => one.digest))
      brain.engine.stock.pages.set(`${CANARY_ID} ${digest}`, 500)
    expect(await done(rollOut(brain.dependencies, undefined, 'admin'))).toMatchObject({ state: 'done' })
  })
})
