import { expect, test } from 'vitest'
import { FakeEngine } from '../../../tests/helpers/fake-engine.js'
import { until } from '../../../tests/helpers/panel-client.js'
import { findStack, type Stack } from '../../model/stack.js'
import { openTemplateBuilds } from './template-builds.js'

const stackOf = (name: string): Stack => findStack(name) as Stack
const call = () => ({ by: 'somebody', note: () => undefined, signal: new AbortController().signal })
const behindOf = (name: string) => ({ stack: stackOf(name), force: true })

test('what somebody waits for interrupts what nobody waits for, which then begins again', async () => {
  const engine = new FakeEngine([])
  engine.delayMs.buildTemplate = 300
  const builds = openTemplateBuilds(engine)
  const behind = builds.buildBehind(behindOf('nginx-php-none'), call())
  await until('the first one has begun', () => engine.calls.length === 1)
  await builds.build({ stack: stackOf('nginx-static-none') }, call())
  // The one that was waited for was not behind the other: that one has built nothing yet.
  expect(engine.stock.all.map(({ stack }) => stack.language)).toEqual(['static'])
  await behind
  expect(engine.calls).toEqual([
    'buildTemplate nginx-php-none',
    'buildTemplate nginx-static-none',
    'buildTemplate nginx-php-none',
  ])
})

test('what nobody waits for does not begin while somebody waits for another', async () => {
  const engine = new FakeEngine([])
  const release = engine.holdNext('buildTemplate', 'nginx-static-none')
  const builds = openTemplateBuilds(engine)
  const waited = builds.build({ stack: stackOf('nginx-static-none') }, call())
  const behind = builds.buildBehind(behindOf('nginx-php-none'), call())
  await until('the first one has begun', () => engine.calls.length === 1)
  release()
  await Promise.all([waited, behind])
  expect(engine.calls).toEqual(['buildTemplate nginx-static-none', 'buildTemplate nginx-php-none'])
})

test('giving up what nobody waits for ends it', async () => {
  const engine = new FakeEngine([])
  engine.delayMs.buildTemplate = 60_000
  const builds = openTemplateBuilds(engine)
  const abort = new AbortController()
  const behind = builds.buildBehind(behindOf('nginx-php-none'), { ...call(), signal: abort.signal })
  await until('the first one has begun', () => engine.calls.length === 1)
  abort.abort(new Error('given up'))
  await expect(behind).rejects.toThrow('given up')
})
