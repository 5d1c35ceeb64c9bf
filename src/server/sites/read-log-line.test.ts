import { expect, test } from 'vitest'
import { readLogLine } from './read-log-line.js'

test.each([
  ['2026-11-26 06:13:08.123456789  hello', '2026-11-26T06:13:08.123Z', 'info', 'hello'],
  [
    '2026-11-26 06:13:08.1  [26-Nov-2026 06:13:08] WARNING: [pool www] child said: "x"',
    '2026-11-26T06:13:08.100Z',
    'warning',
    'WARNING: [pool www] child said: "x"',
  ],
  [
    '2026/11/26 06:13:08 [error] 21#21: *1 open() failed',
    '2026-11-26T06:13:08.000Z',
    'error',
    '[error] 21#21: *1 open() failed',
  ],
  ['2026-11-26  6:13:08 0 [Note] ready', '2026-11-26T06:13:08.000Z', 'info', '0 [Note] ready'],
  [
    '2026-11-26 06:13:08.5 2026-11-26 06:13:08.499 UTC [33] ERROR:  no such table',
    '2026-11-26T06:13:08.500Z',
    'error',
    '[33] ERROR:  no such table',
  ],
  ['init: filled', undefined, 'info', 'init: filled'],
  ['2026-99-99 06:13:08 odd', undefined, 'info', '2026-99-99 06:13:08 odd'],
  [`${'x'.repeat(200)} error`, undefined, 'info', `${'x'.repeat(200)} error`],
])('reads %j', (line, at, level, text) => {
  expect(readLogLine({ source: 's', text: line })).toEqual({ ...(at && { at }), source: 's', level, text })
})
