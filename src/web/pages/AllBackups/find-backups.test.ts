import { expect, it } from 'vitest'
import type { ListedBackups } from '../../../model/api/backups.js'
import { findBackups, type Shown } from './find-backups.js'

const NOW = Date.parse('2026-11-20T10:00:00.000Z')
const daysAgo = (days: number) => new Date(NOW - days * 86_400_000).toISOString()
const backup = (days: number, proven?: boolean) => ({
  ...{ id: 'aaaaaaaaaaaa', createdAt: daysAgo(days), sizeBytes: 9 },
  ...(proven !== undefined && { proof: { proven, at: daysAgo(days), durationMs: 900 } }),
})

function aSite(site: string, change: Partial<ListedBackups> = {}): ListedBackups {
  return { site, owner: 'ada', siteCreatedAt: daysAgo(30), count: 1, sizeBytes: 9, daily: true, ...change }
}

const SITES = [
  aSite('good', { newest: backup(0.5, true), provenAt: daysAgo(0.5) }),
  aSite('untried', { newest: backup(0.1), provenAt: daysAgo(1.1) }),
  aSite('fresh', { siteCreatedAt: daysAgo(1), count: 0 }),
  aSite('never', { count: 0, owner: 'bob' }),
  aSite('old10', { newest: backup(3, true), provenAt: daysAgo(3), daily: false }),
  aSite('old9', { newest: backup(3, true), provenAt: daysAgo(3) }),
  aSite('unproven', { newest: backup(0.1, false), provenAt: daysAgo(1) }),
  aSite('uncopied', { newest: backup(0.1, true), provenAt: daysAgo(0.1), offSite: { reason: 'Connection refused' } }),
]
const found = (search: string, shown: Shown) => findBackups(SITES, search, shown, NOW).map(({ site }) => site)

it('puts the sites first that could not be brought back as they were lately', () => {
  const bad = ['never', 'old9', 'old10', 'uncopied', 'unproven']
  expect(found('', 'all')).toEqual([...bad, 'fresh', 'good', 'untried'])
  expect(found('', 'attention')).toEqual(bad)
})

it('finds sites by plan, name and owner', () => {
  expect(found('', 'unplanned')).toEqual(['old10'])
  expect([found('BOB', 'all'), found('ada old', 'all')]).toEqual([['never'], ['old9', 'old10']])
})
