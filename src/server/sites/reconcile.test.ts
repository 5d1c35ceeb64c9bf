import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PanelClient, until } from '../../../tests/helpers/panel-client.js'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import type { ContainerStatus } from '../../model/container.js'
import { AppError } from '../../model/errors.js'
import { DEFAULT_LIMITS } from '../../model/limits.js'
import { buildApp } from '../app.js'
import type { SiteRecord } from '../register/sites.js'
import { findSite, updateSite } from '../register/sites.js'
import { planReconcile } from './plan-reconcile.js'

const site = (name: string, change: Partial<SiteRecord> = {}) =>
  ({
    name,
    lifecycle: 'ready',
    wanted: 'running',
    generation: 1,
    applied: 1,
    limits: DEFAULT_LIMITS,
    ...change,
  }) as SiteRecord
const status = (id: string, wanted: ContainerStatus['wanted'], change: Partial<ContainerStatus> = {}) =>
  ({ id, phase: wanted, wanted, limits: DEFAULT_LIMITS, ...change }) as ContainerStatus

describe('the plan', () => {
  it.each([
    ['what runs and should', site('a'), status('a', 'running'), undefined],
    ['what is stopped and should be', site('a', { wanted: 'stopped' }), status('a', 'stopped'), undefined],
    ['what the engine brings back', site('a'), status('a', 'running', { phase: 'failed' }), undefined],
    ['what is stopped with the platform', site('a'), status('a', 'running', { phase: 'stopped' }), undefined],
    ['what should run', site('a'), status('a', 'stopped'), 'start'],
    ['a start that failed', site('a'), status('a', 'stopped', { phase: 'failed' }), 'start'],
    [
      'what is brought back and should not',
      site('a', { wanted: 'stopped' }),
      status('a', 'running', { phase: 'starting' }),
      'stop',
    ],
    ['what should not run', site('a', { wanted: 'stopped' }), status('a', 'running'), 'stop'],
    ['what was being created', site('a', { lifecycle: 'creating' }), status('a', 'running'), 'create'],
    ['what was being created, without a container', site('a', { lifecycle: 'creating' }), undefined, 'create'],
    ['what was being removed', site('a', { lifecycle: 'removing' }), status('a', 'running'), 'destroy'],
    ['what was being removed, without a container', site('a', { lifecycle: 'removing' }), undefined, 'destroy'],
    ['a spec that was not applied', site('a', { generation: 2 }), status('a', 'running'), 'update'],
    ['limits that are others', site('a'), status('a', 'running', { limits: { ...DEFAULT_LIMITS, pids: 9 } }), 'update'],
    ['a container that is missing', site('a'), undefined, undefined],
  ])('for %s', (_, row, seen, verb) => {
    expect(planReconcile([row], seen ? [seen] : []).actions).toEqual(verb ? [{ name: 'a', verb }] : [])
  })

  it('leaves alone and reports what the register does not know, and what lost its container', () => {
    const plan = planReconcile([site('a')], [status('b', 'running')])
    expect(plan).toEqual({ actions: [], orphans: ['b'], missing: ['a'], held: [] })
  })

  it('does not stop half the house at once', () => {
    const many = Array.from({ length: 10 }, (_, n) => `site-${n}`)
    const seen = many.map((name) => status(name, 'running'))
    const stopped = (count: number) => many.map((name, n) => site(name, { wanted: n < count ? 'stopped' : 'running' }))
    expect(planReconcile(stopped(3), seen).actions).toHaveLength(3)
    expect(planReconcile(stopped(4), seen)).toMatchObject({ actions: [], held: many.slice(0, 4) })
  })
})

describe('the reconciler', () => {
  let brain: TestBrain
  let root: PanelClient
  beforeEach(async () => {
    brain = await openTestBrain()
    root = new PanelClient(await buildApp(brain.dependencies, 'root'))
    await root.finish(brain, 'createSite', { body: { name: 'shop' } })
  })
  afterEach(() => brain.end())

  const phase = () => brain.engine.cells.get('shop')?.status.phase
  const change = (columns: Parameters<typeof updateSite>[2]) =>
    updateSite(brain.dependencies.register.db, 'shop', columns)
  const quiet = async () => {
    await brain.dependencies.operations.drain(2000)
    return brain.engine.calls.filter((call) => !call.startsWith('list')).length
  }

  it('starts what stopped by itself, soon after it was told', async () => {
    brain.engine.halt('shop')
    await until('it runs again', () => phase() === 'running')
    const [newest] = await brain.dependencies.operations.list()
    expect(newest).toMatchObject({ kind: 'site.start', by: 'system' })
  })

  it('leaves to the engine what the engine brings back', async () => {
    brain.engine.crash('shop')
    await brain.reconciler.run()
    expect(await root.call('getSite', { params: { name: 'shop' } })).toMatchObject({ state: 'starting' })
    brain.engine.comeBack('shop', 'The container ended while its services started.')
    await brain.reconciler.run()
    expect(await root.call('getSite', { params: { name: 'shop' } })).toMatchObject({ state: 'failed', restarts: 1 })
    brain.engine.comeBack('shop')
    expect(await root.call('getSite', { params: { name: 'shop' } })).toMatchObject({ state: 'running', restarts: 2 })
    expect(brain.engine.calls.filter((call) => call === 'start shop')).toHaveLength(1)
  })

  it('CRA-14: does nothing more the second time', async () => {
    await brain.reconciler.run()
    const before = await quiet()
    await brain.reconciler.run()
    await brain.reconciler.run()
    expect(await quiet()).toBe(before)
  })

  it('waits longer and longer for what keeps failing', async () => {
    for (let n = 0; n < 5; n++) brain.engine.failNext('start', new AppError('host_failed', 'no'))
    const starts = () => brain.engine.calls.filter((call) => call === 'start shop').length
    brain.engine.halt('shop', 'failed')
    await until('it was tried', () => starts() === 2)
    for (let n = 0; n < 5; n++) {
      await brain.reconciler.run()
      await quiet()
    }
    expect(starts()).toBe(2)
    brain.clock.pass(21_000)
    await brain.reconciler.run()
    await until('it was tried again', () => starts() === 3)
    await quiet()
    brain.clock.pass(21_000)
    await brain.reconciler.run()
    await quiet()
    expect(starts()).toBe(3)
  })

  it('takes nothing for stopped while the engine does not answer', async () => {
    brain.engine.setDown(true)
    expect(await brain.reconciler.run()).toBeUndefined()
    expect(await root.call('getSite', { params: { name: 'shop' } })).toMatchObject({
      state: 'unknown',
      wanted: 'running',
    })
    brain.engine.setDown(false)
    await until(
      'it is seen again',
      async () => (await root.call('getSite', { params: { name: 'shop' } })).state === 'running',
    )
  })

  it('does not overrule what a person decides between its look and its act', async () => {
    const { operations } = brain.dependencies
    const begin = operations.begin
    let asked = 0
    operations.begin = async (request) => {
      asked++
      await change({ wanted: 'stopped' })
      return begin(request)
    }
    brain.engine.halt('shop')
    await until('it wants to act', () => asked > 0)
    await brain.reconciler.run()
    await quiet()
    expect(asked).toBe(1)
    expect(phase()).toBe('stopped')
    expect(await findSite(brain.dependencies.register.db, 'shop')).toMatchObject({ wanted: 'stopped' })
  })

  it('reports once what it leaves alone', async () => {
    await brain.dependencies.register.db.deleteFrom('sites').execute()
    for (let n = 0; n < 3; n++) await brain.reconciler.run()
    expect(brain.engine.cells.has('shop')).toBe(true)
    expect(brain.logged).toMatchObject([{ level: 40, orphans: ['shop'] }])
  })

  it('does not replace a container that was lost by an empty one, and shows it', async () => {
    brain.engine.lose('shop')
    await brain.reconciler.run()
    await quiet()
    expect(brain.engine.cells.size).toBe(0)
    expect(await root.call('getSite', { params: { name: 'shop' } })).toMatchObject({
      state: 'failed',
      reason: 'Its container is missing.',
    })
    await root.finish(brain, 'destroySite', { params: { name: 'shop' }, query: {} })
  })

  it('keeps the proxy’s routes like the register, also when the proxy failed before', async () => {
    brain.proxy.failure = new Error('nginx is ill')
    await brain.reconciler.run()
    brain.proxy.failure = undefined
    brain.proxy.routes = undefined
    await brain.reconciler.run()
    expect(brain.proxy.routes).toMatchObject({ sites: [{ name: 'shop' }] })
  })
})

describe('a server that ended in the middle', () => {
  it('goes on with creation and removal, and closes what was running', async () => {
    const first = await openTestBrain()
    const root = new PanelClient(await buildApp(first.dependencies, 'root'))
    await root.finish(first, 'createSite', { body: { name: 'old' } })
    first.engine.holdNext('create', 'half')
    first.engine.holdNext('destroy', 'old')
    const { operation } = await root.call('createSite', { body: { name: 'half', domains: ['half.example.org'] } })
    await root.call('destroySite', { params: { name: 'old' }, query: {} })
    await until(
      'both are under way',
      () => first.engine.calls.includes('destroy old') && first.engine.calls.includes('create half'),
    )
    // Killed: no goodbye, the register is just opened by another one.
    const second = await openTestBrain({ engine: first.engine, folder: first.folder })
    expect(await second.dependencies.operations.find(operation)).toMatchObject({
      state: 'failed',
      error: { code: 'unavailable' },
      endedAt: expect.any(String),
    })
    const again = new PanelClient(await buildApp(second.dependencies, 'root'))
    await until(
      'the creation is finished',
      async () => (await again.send('getSite', { params: { name: 'half' } })).json().state === 'running',
    )
    await until(
      'the removal is finished',
      async () => (await again.send('getSite', { params: { name: 'old' } })).statusCode === 404,
    )
    expect([...first.engine.cells.keys()]).toEqual(['half'])
    await second.end()
    await first.end(50)
  })
})
