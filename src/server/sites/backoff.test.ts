import { expect, it } from 'vitest'
import { openBackoff } from './backoff.js'

const DAY_MS = 24 * 3_600_000

it('waits longer after each failure, and not at all after a success', () => {
  let nowMs = Date.UTC(2030, 0, 1)
  const backoff = openBackoff(() => new Date(nowMs))
  for (const waitMs of [20_000, 40_000, 80_000]) {
    backoff.failed('start one')
    nowMs += waitMs - 1
    expect(backoff.mayTry('start one')).toBe(false)
    nowMs += 1
    expect(backoff.mayTry('start one')).toBe(true)
  }
  backoff.failed('start one')
  backoff.succeeded('start one')
  expect(backoff.mayTry('start one')).toBe(true)
})

it.each([DAY_MS, -DAY_MS])('CRA-13: a clock that jumps by %d ms keeps nothing waiting', (jumpMs) => {
  let nowMs = Date.UTC(2030, 0, 1)
  const backoff = openBackoff(() => new Date(nowMs))
  backoff.failed('start one')
  nowMs += jumpMs
  expect(backoff.mayTry('start one')).toBe(true)
})
