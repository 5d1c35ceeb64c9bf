import { expect, test } from 'vitest'
import type { ContainerStatus } from '../../model/container.js'
import type { SiteRecord } from '../register/sites.js'
import { planSleepers, planWakers } from './plan-sleep.js'

const MINUTE = 60_000
const NOW = Date.parse('2026-11-25T12:00:00Z')
const aSite = (change: Partial<SiteRecord> = {}) =>
  ({
    name: 'shop',
    lifecycle: 'ready',
    wanted: 'running',
    idle_minutes: 30,
    generation: 1,
    applied: 1,
    wake_at: null,
    ...change,
  }) as SiteRecord
const status = (change: Partial<ContainerStatus> = {}) =>
  ({ id: 'shop', phase: 'running', startedAt: new Date(NOW - 60 * MINUTE).toISOString(), ...change }) as ContainerStatus
const unused = { sinceMs: NOW - 60 * MINUTE, lastMs: new Map<string, number>() }
const sleeps = (site: SiteRecord, seen = status(), use = unused) => planSleepers([site], [seen], use, NOW).length === 1

test('a site sleeps when nobody used it for its idle time', () => {
  expect(sleeps(aSite())).toBe(true)
  expect(sleeps(aSite({ idle_minutes: 60 }))).toBe(true)
  expect(sleeps(aSite({ idle_minutes: 61 }))).toBe(false)
  expect(sleeps(aSite(), status(), { ...unused, lastMs: new Map([['shop', NOW - 29 * MINUTE]]) })).toBe(false)
})

test('a site that was started or that we began to look at since then is left alone', () => {
  expect(sleeps(aSite(), status({ startedAt: new Date(NOW - MINUTE).toISOString() }))).toBe(false)
  expect(sleeps(aSite(), { ...status(), startedAt: undefined } as unknown as ContainerStatus)).toBe(false)
  expect(sleeps(aSite(), status(), { ...unused, sinceMs: NOW - MINUTE })).toBe(false)
})

test('one that may not sleep, or is not simply running, is left alone', () => {
  expect(sleeps(aSite({ idle_minutes: null }))).toBe(false)
  expect(sleeps(aSite({ wanted: 'stopped' }))).toBe(false)
  expect(sleeps(aSite({ lifecycle: 'removing' }))).toBe(false)
  expect(sleeps(aSite({ generation: 2 }))).toBe(false)
  expect(sleeps(aSite(), status({ phase: 'starting' }))).toBe(false)
  expect(planSleepers([aSite()], [], unused, NOW)).toEqual([])
})

test('a sleeping site is woken when something of its own is due', () => {
  const due = aSite({ wake_at: new Date(NOW).toISOString() })
  expect(planWakers([due], [status({ phase: 'asleep' })], NOW)).toEqual([due])
  expect(planWakers([due], [status({ phase: 'asleep' })], NOW - 1)).toEqual([])
  expect(planWakers([due], [status({ phase: 'stopped' })], NOW)).toEqual([])
  expect(planWakers([aSite()], [status({ phase: 'asleep' })], NOW)).toEqual([])
})
