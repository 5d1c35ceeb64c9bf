import { expect, it } from 'vitest'
import { anOperation, aSite } from '../test-data.js'
import {
  bringOperationsUp,
  bringSitesUp,
  bringSiteUp,
  hasEnded,
  hasToldOf,
  markEvents,
  rememberEvent,
} from './recent-events.js'

const all = () => true

it('brings an answer up to what was told since the question, and not before', () => {
  rememberEvent({ type: 'site', site: aSite({ state: 'starting' }) })
  const mark = markEvents()
  const answer = [aSite({ state: 'stopped' }), aSite({ name: 'notes' })]
  expect(bringSitesUp(answer, mark, all)).toEqual(answer)
  rememberEvent({ type: 'site', site: aSite({ state: 'running' }) })
  rememberEvent({ type: 'siteGone', name: 'notes' })
  expect(bringSitesUp(answer, mark, all).map(({ name, state }) => `${name} ${state}`)).toEqual(['shop running'])
  expect(bringSiteUp(aSite({ state: 'stopped' }), mark).state).toBe('running')
})

it('adds a new site only to the lists that it belongs to', () => {
  const mark = markEvents()
  rememberEvent({ type: 'site', site: aSite({ name: 'theirs', owner: 'bob' }) })
  expect(bringSitesUp([], mark, ({ owner }) => owner === 'ada')).toEqual([])
  expect(bringSitesUp([], mark, all)).toHaveLength(1)
})

it('does not lose the end of an operation that was told before the list came', () => {
  const running = anOperation()
  const mark = markEvents()
  rememberEvent({ type: 'operation', operation: { ...running, state: 'done' } })
  expect(bringOperationsUp([running], mark).map(({ state }) => state)).toEqual(['done'])
  expect(bringOperationsUp([], mark)).toHaveLength(1)
})

it('knows that an operation is over, also when nobody has asked for any', () => {
  const running = { ...anOperation(), id: 'quickquickqu' }
  rememberEvent({ type: 'operation', operation: running })
  expect(hasEnded(running.id)).toBe(false)
  rememberEvent({ type: 'operation', operation: { ...running, state: 'failed' } })
  expect(hasEnded(running.id)).toBe(true)
})

it('knows whether a site was told of since it was asked', () => {
  const mark = markEvents()
  rememberEvent({ type: 'site', site: aSite({ name: 'other' }) })
  expect(hasToldOf('shop', mark)).toBe(false)
  rememberEvent({ type: 'site', site: aSite({ state: 'stopped' }) })
  expect([hasToldOf('shop', mark), hasToldOf('shop', markEvents())]).toEqual([true, false])
})
