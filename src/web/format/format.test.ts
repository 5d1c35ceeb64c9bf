import { describe, expect, it } from 'vitest'
import { encodeBase64 } from './base64.js'
import { formatAgo, formatBytes, formatCores, formatDuration } from './format.js'

/** French numbers use several kinds of blank; which one is no matter here. */
const plain = (text: string) => text.replace(/[\u202f\u00a0]/g, ' ')

describe('formatBytes', () => {
  it('counts in powers of 1024 with three figures', () => {
    expect(formatBytes(256 * 1024 ** 2, 'en')).toBe('256 MB')
    expect(plain(formatBytes(1.5 * 1024 ** 3, 'fr'))).toBe('1,5 Go')
    expect(formatBytes(1023, 'en')).toBe('1,023 bytes')
    expect(formatBytes(0, 'en')).toBe('0 bytes')
    expect(formatBytes(5000 * 1024 ** 4, 'en')).toBe('5,000 TB')
  })
})

describe('formatDuration', () => {
  it('chooses units by length', () => {
    expect(formatDuration(45.4, 'en')).toBe('45 ms')
    expect(formatDuration(1234, 'en')).toBe('1.2 s')
    expect(plain(formatDuration(1234, 'fr'))).toBe('1,2 s')
    expect(formatDuration(185_000, 'en')).toBe('3 min 5 s')
    expect(formatDuration(119_999, 'en')).toBe('1 min 59 s')
    expect(formatDuration(300_000, 'en')).toBe('5 min')
    expect(formatDuration(7_200_000, 'en')).toBe('2 hr')
    expect(formatDuration(-20, 'en')).toBe('0 ms')
  })
})

describe('formatAgo', () => {
  it('says now, minutes, hours, days', () => {
    const now = Date.parse('2026-11-20T12:00:00Z')
    expect(formatAgo('2026-11-20T11:59:30Z', now, 'en')).toBe('now')
    expect(formatAgo('2026-11-20T12:00:05Z', now, 'en')).toBe('now')
    expect(formatAgo('2026-11-20T11:57:00Z', now, 'en')).toBe('3 minutes ago')
    expect(formatAgo('2026-11-19T12:00:00Z', now, 'fr')).toBe('hier')
  })
})

it('formats thousandths of a core', () => {
  expect(formatCores(500, 'fr')).toBe('0,5')
  expect(formatCores(1000, 'en')).toBe('1')
})

it('encodes text of any length and script as base64', () => {
  const text = 'é€😀\r\n'.repeat(20_000)
  expect(Buffer.from(encodeBase64(text), 'base64').toString('utf8')).toBe(text)
})
