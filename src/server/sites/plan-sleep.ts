import type { ContainerStatus } from '../../model/container.js'
import type { SiteRecord } from '../register/sites.js'

const MINUTE_MS = 60_000

/** What is known of the use of sites: when each was last visited or worked on, and since when we look. */
export interface Use {
  sinceMs: number
  lastMs: ReadonlyMap<string, number>
}

/** Sites that nobody used for their idle time. Pure. What happened before we looked counts as use: nothing is put to sleep for what is not known. */
export function planSleepers(sites: SiteRecord[], statuses: ContainerStatus[], use: Use, nowMs: number): SiteRecord[] {
  const byId = new Map(statuses.map((status) => [status.id, status]))
  return sites.filter((site) => {
    const status = byId.get(site.name)
    if (site.idle_minutes === null || site.lifecycle !== 'ready' || site.wanted !== 'running') return false
    if (status?.phase !== 'running' || site.applied < site.generation) return false
    const startedMs = Date.parse(status.startedAt ?? '')
    const lastMs = Math.max(use.sinceMs, use.lastMs.get(site.name) ?? 0, Number.isNaN(startedMs) ? nowMs : startedMs)
    return nowMs - lastMs >= site.idle_minutes * MINUTE_MS
  })
}

/** Sites that sleep although something of theirs is due. Pure. */
export function planWakers(sites: SiteRecord[], statuses: ContainerStatus[], nowMs: number): SiteRecord[] {
  const asleep = new Set(statuses.filter(({ phase }) => phase === 'asleep').map(({ id }) => id))
  return sites.filter(({ name, wake_at }) => wake_at !== null && asleep.has(name) && Date.parse(wake_at) <= nowMs)
}
