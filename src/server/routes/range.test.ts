import { expect, test } from 'vitest'
import { chooseRange } from './range.js'

const file = { sizeBytes: 1000, etag: '"1"' }

test.each([
  [undefined, 0, 1000, true],
  ['bytes=0-', 0, 1000, false],
  ['bytes=0-0', 0, 1, false],
  ['bytes=500-', 500, 500, false],
  ['bytes=990-2000', 990, 10, false],
  ['bytes=-10', 990, 10, false],
  ['bytes=-5000', 0, 1000, false],
  ['bytes=-', 0, 1000, true],
  ['bytes=9-3', 0, 1000, true],
  ['bytes=0-1,5-6', 0, 1000, true],
  ['lines=0-1', 0, 1000, true],
  ['bytes=1-9999999999999999999', 0, 1000, true],
])('%s', (range, offset, lengthBytes, isWhole) => {
  expect(chooseRange({ range }, file)).toEqual({ offset, lengthBytes, isWhole })
})

test('a file that is another by now is sent whole, and what begins after its end is refused', () => {
  expect(chooseRange({ range: 'bytes=5-', 'if-range': '"1"' }, file).offset).toBe(5)
  expect(chooseRange({ range: 'bytes=5-', 'if-range': '"0"' }, file).isWhole).toBe(true)
  expect(() => chooseRange({ range: 'bytes=1000-' }, file)).toThrow('not that long')
  expect(chooseRange({}, { sizeBytes: 0, etag: '"1"' })).toEqual({ offset: 0, lengthBytes: 0, isWhole: true })
})
