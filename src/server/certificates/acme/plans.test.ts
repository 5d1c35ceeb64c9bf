import * as fc from 'fast-check'
import { afterEach, expect, it, vi } from 'vitest'
import { planRecords } from './challenges.js'
import { readFailure } from './failure.js'
import { findObstacle, judgeWay } from './obstacles.js'
import { PAUSES, planTrial, type Trial } from './trials.js'

afterEach(() => vi.restoreAllMocks())

it('puts the texts of a name and of its wildcard into one record, and nothing of HTTP', () => {
  const one = { name: 'example.org', type: 'dns-01' as const, token: 't' }
  expect(
    planRecords([
      { ...one, answer: 'a' },
      { ...one, answer: 'b' },
      { ...one, name: 'www.example.org', type: 'http-01', answer: 'c' },
    ]),
  ).toEqual(new Map([['_acme-challenge.example.org', ['a', 'b']]]))
})

it('waits longer after each failure, never longer than a day, and never shorter than it was asked to', () => {
  const property = fc.property(
    fc.integer({ min: 1, max: 60 }),
    fc.integer({ min: 0, max: 200_000_000 }),
    (failures, waitMs) => {
      const before: Trial = { failures, message: 'x', nextTryAt: new Date(0).toISOString() }
      const { nextTryAt, ...rest } = planTrial(before, { message: 'y', waitMs }, 0)
      const pauseMs = Date.parse(nextTryAt)
      expect(rest).toEqual({ failures: failures + 1, message: 'y' })
      expect(pauseMs).toBeGreaterThanOrEqual(waitMs)
      expect(pauseMs).toBeGreaterThanOrEqual(Math.min(PAUSES.longestMs, PAUSES.firstMs * 2 ** failures) * 0.89)
      expect(pauseMs).toBeLessThanOrEqual(Math.max(PAUSES.longestMs * 1.11, waitMs))
    },
  )
  void fc.assert(property)
})

it('spends at most five tries of a name in its first hour, as Let’s Encrypt allows', () => {
  // Each pause as short as it may be.
  vi.spyOn(Math, 'random').mockReturnValue(0)
  let [trial, tries]: [Trial | undefined, number] = [undefined, 0]
  for (let nowMs = 0; nowMs < 3_600_000; nowMs = Date.parse(trial.nextTryAt)) {
    trial = planTrial(trial, { message: 'refused' }, nowMs)
    tries++
  }
  expect(tries).toBe(5)
})

it('reads what an authority refuses, and how long it wants to be left alone', () => {
  const refusal = Object.assign(new Error('too many\n certificates'), {
    response: { headers: { 'retry-after': '120' } },
  })
  expect(readFailure(refusal)).toEqual({ message: 'too many certificates', waitMs: 120_000 })
  expect(readFailure(new TypeError("reading 'config'"))).toEqual({ message: 'The ACME server does not answer.' })
  expect(readFailure('odd')).toEqual({ message: 'odd' })
})

it('says what is in the way, and asks nobody about names that DNS of ours shows', async () => {
  const here = ['192.0.2.1', '2001:db8::1']
  expect(judgeWay('a.org', ['192.0.2.1'], here)).toBeUndefined()
  expect(judgeWay('a.org', ['192.0.2.1', '198.51.100.7'], here)).toContain('198.51.100.7')
  expect(judgeWay('a.org', [], here)).toContain('no address')
  expect(judgeWay('a.org', undefined, here)).toContain('Nobody')
  const asked: string[] = []
  const askAddresses = async (name: string) => {
    asked.push(name)
    return here
  }
  const records = { covers: (name: string) => name === 'ours.org', set: async () => undefined }
  expect(await findObstacle(['*.ours.org', 'ours.org'], { records, askAddresses, here: () => here })).toBeUndefined()
  expect(asked).toEqual([])
  expect(await findObstacle(['*.theirs.org'], { records, askAddresses, here: () => here })).toContain('needs DNS')
  expect(await findObstacle(['www.theirs.org'], { records, askAddresses, here: () => here })).toBeUndefined()
  expect(asked).toEqual(['www.theirs.org'])
})
