import { expect, test } from 'vitest'
import { AppError } from '../model/errors.js'
import { visibleText } from '../model/visible-text.js'
import { formatDuration, formatUse } from './format.js'
import { errorDocument, renderError } from './render-error.js'
import { renderPairs, renderTable } from './render-table.js'
import { toSnakeCase } from './snake-case.js'
import { openPaint } from './styles.js'
import { writerTo } from './writer-to.js'

test('keys become snake_case at every depth, values stay', () => {
  const site = { sftpPort: 1, ipv4: 'aB', limits: { cpuMilli: 2 }, steps: [{ durationMs: 3 }], none: null }
  expect(toSnakeCase(site)).toEqual({
    sftp_port: 1,
    ipv4: 'aB',
    limits: { cpu_milli: 2 },
    steps: [{ duration_ms: 3 }],
    none: null,
  })
})

test('colours only on a terminal that wants them', () => {
  expect(openPaint({ isTTY: true }, { TERM: 'xterm' })('red', 'x')).toBe('\u001b[31mx\u001b[39m')
  for (const environment of [{ NO_COLOR: '1' }, { TERM: 'dumb' }])
    expect(openPaint({ isTTY: true }, environment)('red', 'x')).toBe('x')
  expect(openPaint({}, {})('red', 'x')).toBe('x')
})

test('columns are aligned, numbers at the right, nothing trails', () => {
  const table = renderTable(
    [
      { title: 'NAME', text: (row: { name: string }) => row.name },
      { title: 'N', text: (row) => String(row.name.length), right: true },
      { title: 'LAST', text: () => 'é' },
    ],
    [{ name: 'a' }, { name: 'longer name' }],
  )
  expect(table).toBe('NAME          N  LAST\na             1  é\nlonger name  11  é\n')
})

test('ISO-15: what a program of a site writes is shown on a terminal, not obeyed, and passed on elsewhere as it is', () => {
  const written = (isTTY: boolean, ...chunks: Uint8Array[]): string => {
    const seen: (string | Uint8Array)[] = []
    const stream = { isTTY, write: (chunk: string | Uint8Array) => seen.push(chunk) > 0 }
    const write = writerTo(stream as unknown as NodeJS.WriteStream)
    for (const chunk of chunks) write(chunk)
    return Buffer.concat(seen.map((chunk) => Buffer.from(chunk))).toString('latin1')
  }
  const hostile = Buffer.from('a\u001b]52;c;eA==\u0007\tb\r\n\u009b6n\u202eé\n')
  const cut = hostile.length - 2
  expect(written(true, hostile.subarray(0, cut), hostile.subarray(cut))).toBe(
    Buffer.from('a^[]52;c;eA==^G\tb\n\\u{9b}6n\\u{202e}é\n').toString('latin1'),
  )
  expect(written(false, hostile)).toBe(hostile.toString('latin1'))
})

test('ISO-15: what a site wrote cannot steer the terminal', () => {
  expect(visibleText('a\u001b[2Jb\u202Ec\td\r')).toBe('a^[[2Jb\\u{202e}c\td^M')
  const table = renderTable([{ title: 'T', text: (row: string) => row }], ['x\u001b]0;owned\u0007\ny'])
  expect(table).toBe('T\nx^[]0;owned^G^Jy\n')
})

test('pairs leave out what is unknown', () => {
  expect(
    renderPairs([
      ['state', 'running'],
      ['why', undefined],
    ]),
  ).toBe('state  running\n')
})

test('an error shows its hint, and its fields when there are several', () => {
  const plain = openPaint({}, {})
  const fields = [
    { path: 'a', message: 'x' },
    { path: 'b', message: 'y' },
  ]
  expect(renderError(new AppError('invalid', 'wrong', { hint: 'do this', fields }), plain)).toBe(
    'error: wrong\n  a: x\n  b: y\nhint: do this\n',
  )
  expect(renderError(new AppError('invalid', 'wrong', { fields: fields.slice(1) }), plain)).toBe('error: wrong\n')
  expect(JSON.stringify(errorDocument(new AppError('conflict', 'taken')))).toBe(
    '{"error":{"code":"conflict","message":"taken"}}',
  )
})

test('times and levels in few characters', () => {
  expect([12.4, 1240, 125_000].map(formatDuration)).toEqual(['12 ms', '1.2 s', '2 min 5 s'])
  expect(formatUse(undefined, 1024 ** 2)).toBe('– / 1 MiB')
})
