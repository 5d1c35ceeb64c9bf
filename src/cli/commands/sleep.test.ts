import { expect, test } from 'vitest'
import { parseIdleMinutes } from './sleep.js'

test('an idle time is minutes, hours, days or never', () => {
  expect(['30m', '2h', '1d', 'never'].map(parseIdleMinutes)).toEqual([30, 120, 1440, null])
})

test.each(['', '30', 'm', '1w', '-5m', '4m', '8d', '1.5h'])('%s is refused', (text) => {
  expect(() => parseIdleMinutes(text)).toThrow(expect.objectContaining({ code: 'invalid' }))
})
