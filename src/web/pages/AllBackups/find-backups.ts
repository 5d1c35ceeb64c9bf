import type { ListedBackups } from '../../../model/api/backups.js'

export const SHOWN = ['all', 'attention', 'unplanned'] as const
export type Shown = (typeof SHOWN)[number]

/** As old as the newest proven backup of a site may be; a younger site need not have one. */
const FRESH_MS = 2 * 86_400_000

/** Whether a site could not be brought back as it was lately, or what should make sure of that failed. */
export function needsAttention({ provenAt, siteCreatedAt, newest, offSite }: ListedBackups, nowMs: number): boolean {
  if (newest?.proof?.proven === false || offSite?.reason !== undefined) return true
  return nowMs - Date.parse(provenAt ?? siteCreatedAt) > FRESH_MS
}

const { compare } = new Intl.Collator(undefined, { numeric: true })

/** Those of that kind in which every word of the search is found: in the site's name, or its owner. What needs attention comes first. */
export function findBackups(
  sites: readonly ListedBackups[],
  search: string,
  shown: Shown,
  nowMs: number,
): ListedBackups[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return sites
    .map((one) => ({ one, bad: needsAttention(one, nowMs) }))
    .filter(({ one, bad }) => (shown === 'attention' ? bad : shown === 'all' || !one.daily))
    .filter(({ one }) => words.every((word) => `${one.site} ${one.owner}`.toLowerCase().includes(word)))
    .sort((a, b) => Number(b.bad) - Number(a.bad) || compare(a.one.site, b.one.site))
    .map(({ one }) => one)
}
