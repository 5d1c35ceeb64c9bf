import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../../tests/helpers/test-brain.js'
import { openSignInLimits, placeOf } from './sign-in-limits.js'

function tries(limits: ReturnType<typeof openSignInLimits>, login: string, address: string, most = 1000): number {
  for (let n = 0; n < most; n++)
    try {
      limits.attempt(login, address)
    } catch {
      return n
    }
  return most
}

describe('limits of sign-in', () => {
  it('AUT-6: stops who guesses one name from one place, for a quarter of an hour', () => {
    const clock = new FakeClock()
    const limits = openSignInLimits(clock.now)
    expect(tries(limits, 'alice', '203.0.113.5')).toBe(8)
    clock.pass(14 * 60_000)
    expect(tries(limits, 'alice', '203.0.113.5')).toBe(0)
    clock.pass(2 * 60_000)
    expect(tries(limits, 'alice', '203.0.113.5')).toBe(8)
  })

  it('CRA-13: locks nobody out for a day when the clock is set back', () => {
    const clock = new FakeClock()
    const limits = openSignInLimits(clock.now)
    tries(limits, 'alice', '203.0.113.5')
    clock.pass(-24 * 3_600_000)
    expect(tries(limits, 'alice', '203.0.113.5')).toBe(8)
  })

  it('AUT-6: counts attempts before they are answered, so that many at once count too', () => {
    const limits = openSignInLimits(new FakeClock().now)
    const results = Array.from({ length: 50 }, () => {
      try {
        return limits.attempt('alice', '203.0.113.5') !== undefined
      } catch {
        return false
      }
    })
    expect(results.filter(Boolean)).toHaveLength(8)
  })

  it('AUT-6: does not lock out a person because a stranger guesses elsewhere', () => {
    const limits = openSignInLimits(new FakeClock().now)
    for (let n = 1; n < 200; n++) tries(limits, 'alice', `203.0.113.${n}`, 20)
    expect(limits.attempt('alice', '198.51.100.1').waitMs).toBeGreaterThan(0)
    expect(limits.attempt('bob', '198.51.100.1').waitMs).toBe(0)
  })

  it('AUT-6: stops who tries many names from one place, and takes an IPv6 customer as one place', () => {
    const limits = openSignInLimits(new FakeClock().now)
    let letIn = 0
    for (let n = 0; n < 300; n++) letIn += tries(limits, `pupil${n}`, `2001:db8:1:2::${n.toString(16)}`, 1)
    expect(letIn).toBe(100)
    expect(tries(limits, 'alice', '2001:db8:1:3::1', 1)).toBe(1)
  })

  it('AUT-6: takes the many places of one owner together', () => {
    const limits = openSignInLimits(new FakeClock().now)
    let letIn = 0
    for (let n = 0; n < 1000; n++) letIn += tries(limits, `pupil${n}`, `2001:db8:1:${n.toString(16)}::1`, 1)
    expect(letIn).toBe(400)
    expect(tries(limits, 'alice', '2001:db8:2::1', 1)).toBe(1)
  })

  it('forgets the wrong ones of a person who then was right', () => {
    const limits = openSignInLimits(new FakeClock().now)
    tries(limits, 'alice', '203.0.113.5', 7)
    limits.attempt('alice', '203.0.113.5')
    limits.succeeded('alice', '203.0.113.5')
    expect(tries(limits, 'alice', '203.0.113.5')).toBe(8)
  })

  it('AUT-6: does not count what the directory did not answer', () => {
    const limits = openSignInLimits(new FakeClock().now)
    for (let n = 0; n < 100; n++) {
      limits.attempt('alice', '203.0.113.5')
      limits.forgive('alice', '203.0.113.5')
    }
    expect(tries(limits, 'alice', '203.0.113.5')).toBe(8)
  })

  it('AUT-6: stays small under a flood of names and addresses', () => {
    const limits = openSignInLimits(new FakeClock().now)
    const before = process.memoryUsage().heapUsed
    for (let n = 0; n < 60_000; n++)
      tries(limits, `name${n}`, `2001:${(n >> 8).toString(16)}:${(n & 255).toString(16)}::1`, 1)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(60 * 1024 ** 2)
  })

  it.each([
    ['203.0.113.5', '203.0.113.5'],
    ['::ffff:203.0.113.5', '203.0.113.5'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001::9', '2001:db8:1:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('takes %s as %s', (address, place) => expect(placeOf(address)).toBe(place))
})
