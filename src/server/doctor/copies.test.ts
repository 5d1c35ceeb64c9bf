import { expect, test } from 'vitest'
import type { CopyRow } from '../register/off-site-copies.js'
import { judgeCopies } from './copies.js'

const now = new Date('2026-06-03T12:00:00Z')
const row = (change: Partial<CopyRow> = {}): CopyRow => ({
  ...{ site_uuid: 'shop', backup: 'aaaaaaaaaaaa', created_at: '2026-06-01T12:00:00Z', proven: 1 },
  ...{ copied_at: null, snapshot: null, attempts: 0, reason: null, next_at: null, leaving: 0 },
  ...change,
})

test('all is well while copies arrive, and what was read back is as it was written', () => {
  const fine = [
    row({ copied_at: '2026-06-01T13:00:00Z' }),
    row({ created_at: '2026-06-03T11:00:00Z' }),
    row({ leaving: 1 }),
  ]
  expect(judgeCopies(fine, { at: '2026-06-02T00:00:00Z' }, now)).toMatchObject({ level: 'ok', signs: [] })
  expect(judgeCopies([], undefined, now)).toMatchObject({ level: 'ok' })
})

test('a copy that has not arrived for a day, and one that cannot be read back, are told with the reason', () => {
  const reason = 'The repository does not answer.'
  const { level, signs } = judgeCopies([row({ reason })], { at: '2026-06-02T00:00:00Z', reason: 'damaged' }, now)
  expect(level).toBe('warning')
  expect(signs).toEqual([
    { what: '2026-06-02T00:00:00Z', found: 'damaged' },
    { what: 'shop: aaaaaaaaaaaa', found: reason },
  ])
})
