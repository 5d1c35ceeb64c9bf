import { expect, test } from 'vitest'
import type { LogEntry } from '../../model/site-log.js'
import { inOrder, passes } from './site-logs.js'

const entry = (source: string, at: string | undefined, text: string): LogEntry => ({
  ...(at !== undefined && { at }),
  source,
  level: 'warning',
  text,
})

test('lines of several sources come in the order of their times, and one without a time stays behind its own', () => {
  const mixed = [
    entry('a', '1', 'a1'),
    entry('a', undefined, 'more of a1'),
    entry('a', '4', 'a4'),
    entry('b', '3', 'b3'),
  ]
  expect(inOrder(mixed).map(({ text }) => text)).toEqual(['a1', 'more of a1', 'b3', 'a4'])
})

test.each([
  [{}, true],
  [{ level: 'warning' as const }, true],
  [{ level: 'error' as const }, false],
  [{ sources: 'b,a' }, true],
  [{ sources: 'b' }, false],
  [{ text: 'HELLO' }, true],
  [{ text: 'bye' }, false],
])('%j lets it pass: %j', (filter, expected) => {
  expect(passes(filter, entry('a', undefined, 'say hello'))).toBe(expected)
})
