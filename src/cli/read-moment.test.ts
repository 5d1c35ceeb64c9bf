import { expect, it } from 'vitest'
import { readMoment } from './read-moment.js'

const NOW = new Date('2026-11-20T12:00:00Z')

it('reads spans from now, days and times', () => {
  expect(readMoment('90m', 'until', NOW)).toBe('2026-11-20T13:30:00.000Z')
  expect(readMoment('2d', 'until', NOW)).toBe('2026-11-22T12:00:00.000Z')
  expect(readMoment('2026-12-24T18:00Z', 'until', NOW)).toBe('2026-12-24T18:00:00.000Z')
  expect(readMoment('2026-12-24 18:00', 'until', NOW)).toBe(new Date(2026, 11, 24, 18).toISOString())
  expect(readMoment('2026-12-24', 'until', NOW)).toBe(new Date(2026, 11, 24).toISOString())
})

it.each(['', 'soon', '2', '2026-13-01', '12/24/2026', '-2h'])('refuses %j and says how to write it', (text) => {
  expect(() => readMoment(text, 'until', NOW)).toThrow(/^until: this is no time/)
})
