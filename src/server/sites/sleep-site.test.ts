import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTestBrain, type TestBrain } from '../../../tests/helpers/test-brain.js'
import { AppError } from '../../model/errors.js'
import { findSite } from '../register/sites.js'
import { createSite } from './create-site.js'
import { openSleeper } from './sleeper.js'

const MINUTE = 60_000
let brain: TestBrain
let visits: Map<string, number>

beforeEach(async () => {
  brain = await openTestBrain()
  visits = new Map()
})
afterEach(() => brain.end())

async function makeSite() {
  const { dependencies, engine } = brain
  const stack = { server: 'nginx', language: 'static', database: 'none' }
  const limits = { cpuMilli: 500, memoryBytes: 64 * 1024 ** 2, diskBytes: 128 * 1024 ** 2, pids: 64 }
  const wish = { name: 'shop', owner: 'root', stack, limits, domains: [], start: true }
  const { operation } = await createSite(dependencies, wish, 'root')
  await dependencies.operations.ended(operation.id)
  const cell = engine.cells.get('shop')
  if (cell) cell.status = { ...cell.status, startedAt: brain.clock.now().toISOString() }
  await dependencies.observed.refresh()
  return openSleeper(dependencies, () => visits)
}

const phase = () => brain.engine.cells.get('shop')?.status.phase
const pass = (minutes: number) => brain.clock.pass(minutes * MINUTE)
const settled = async () => {
  const operation = brain.dependencies.operations.runningOn('site', 'shop')
  if (operation) await brain.dependencies.operations.ended(operation.id)
}

test('a site sleeps when nobody came for its idle time, and not before', async () => {
  const sleeper = await makeSite()
  pass(29)
  await sleeper.run()
  expect(phase()).toBe('running')
  visits.set('shop', brain.clock.now().getTime())
  pass(29)
  await sleeper.run()
  expect(phase()).toBe('running')
  pass(2)
  await sleeper.run()
  await settled()
  expect(phase()).toBe('asleep')
  const [last] = await brain.dependencies.operations.list()
  expect(last).toMatchObject({ kind: 'site.sleep', by: 'system', state: 'done', subject: 'shop' })
})

test('a site that is in use is asked again after its idle time, and nothing is told of that', async () => {
  const sleeper = await makeSite()
  pass(31)
  brain.engine.failNext('sleep', new AppError('busy', 'shop is in use: 1 open connections.'))
  await sleeper.run()
  expect(phase()).toBe('running')
  pass(29)
  await sleeper.run()
  expect(phase()).toBe('running')
  pass(2)
  await sleeper.run()
  await settled()
  expect(phase()).toBe('asleep')
  expect((await brain.dependencies.operations.list()).filter(({ kind }) => kind === 'site.sleep')).toHaveLength(1)
})

test('what its crontab plans wakes a site in time', async () => {
  const sleeper = await makeSite()
  const soon = new Date(brain.clock.now().getTime() + 45 * MINUTE)
  const line = `${soon.getUTCMinutes()} ${soon.getUTCHours()} * * * php job.php\n`
  await brain.engine.files('shop').save('crontab', null, Buffer.from(line))
  pass(31)
  await sleeper.run()
  await settled()
  expect(phase()).toBe('asleep')
  const due = Date.parse((await findSite(brain.dependencies.register.db, 'shop'))?.wake_at ?? '')
  expect(soon.getTime() - due).toBeLessThan(MINUTE)
  await sleeper.run()
  expect(phase()).toBe('asleep')
  pass(14)
  await sleeper.run()
  await settled()
  expect(phase()).toBe('running')
})
