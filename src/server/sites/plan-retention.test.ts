import { expect, test } from 'vitest'
import { type Backup, DEFAULT_BACKUP_PLAN } from '../../model/backup.js'
import { DEFAULT_LIMITS } from '../../model/limits.js'
import { DEFAULT_STACK } from '../../model/stack.js'
import { planNextBackup, planRetention } from './plan-retention.js'

const now = new Date('2026-06-30T12:00:00Z')
const backup = (ageHours: number, proven = true): Backup => ({
  ...{ id: `${ageHours}`, createdAt: new Date(now.getTime() - ageHours * 3_600_000).toISOString(), sizeBytes: 1 },
  ...{ stack: DEFAULT_STACK, limits: DEFAULT_LIMITS, hasDatabase: false, frozenMs: 0 },
  proof: { proven, at: '', durationMs: 1 },
})
const kept = (backups: Backup[], plan = DEFAULT_BACKUP_PLAN) => {
  const gone = planRetention(backups, plan, now).map(({ id }) => id)
  return backups.map(({ id }) => Number(id)).filter((hours) => !gone.includes(`${hours}`))
}

test('of sixty days, seven days and four weeks are kept', () => {
  const days = Array.from({ length: 60 }, (_, day) => backup(day * 24 + 1))
  expect(kept(days).map((hours) => (hours - 1) / 24)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 14, 21])
})

test('many in one day leave the newest of each day', () => {
  expect(kept([backup(1), backup(2), backup(3), backup(25), backup(26)])).toEqual([1, 25])
})

test('the newest, and the newest that is proven, always stay', () => {
  const plan = { daily: true, keepDaily: 1, keepWeekly: 0 }
  expect(kept([backup(2000, false), backup(2100), backup(2200)], plan)).toEqual([2000, 2100])
})

test('the next one is due a day after the newest, or after the site was made', () => {
  expect(planNextBackup([backup(30), backup(5)], '2026-01-01T00:00:00Z').toISOString()).toBe('2026-07-01T07:00:00.000Z')
  expect(planNextBackup([], '2026-06-30T00:00:00.000Z').toISOString()).toBe('2026-07-01T00:00:00.000Z')
})
