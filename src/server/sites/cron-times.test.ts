import { expect, test } from 'vitest'
import { findNextDue } from './cron-times.js'

const from = new Date('2026-11-25T10:03:00Z')
const due = (crontab: string) => findNextDue(crontab, from)?.toISOString()

test('the earliest line is due next, in UTC', () => {
  expect(due('0 4 * * * php late.php\n*/15 * * * * php soon.php\n@monthly true')).toBe('2026-11-25T10:15:00.000Z')
  expect(due('@hourly php job.php')).toBe('2026-11-25T11:00:00.000Z')
})

test('what is no line with a command is never due', () => {
  expect(due('')).toBeUndefined()
  expect(due('# 0 4 * * * php late.php\n0 4 * * *\n99 4 * * * true\nMAILTO=me\n\0\u001b[2J')).toBeUndefined()
})
