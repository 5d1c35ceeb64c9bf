import type { QueryClient } from '@tanstack/react-query'
import type { ShownAnnouncement } from '../../model/announcement.js'
import type { ServerEvent } from '../../model/events.js'
import type { Operation } from '../../model/operation.js'
import type { Site } from '../../model/site.js'
import { backupsQuery } from './backups.js'
import { noteCpu } from './cpu-rates.js'
import { domainsQuery } from './domains.js'
import { environmentQuery } from './environment.js'
import { meQuery } from './me.js'
import { applyToSearches, operationsQuery } from './operations.js'
import { allBackupsQuery, allNamesQuery, offSiteQuery } from './platform.js'
import { rememberEvent, withOperation, withSite } from './recent-events.js'
import { siteAccessQuery } from './site-access.js'
import { siteSettingsQuery } from './site-settings.js'
import { siteQuery, sitesQuery } from './sites.js'

function findKnown(cache: QueryClient, name: string): Site | undefined {
  const lists = (['mine', 'all'] as const).flatMap((scope) => cache.getQueryData(sitesQuery(scope).queryKey) ?? [])
  return cache.getQueryData(siteQuery(name).queryKey) ?? lists.find((site) => site.name === name)
}

function applySite(cache: QueryClient, site: Site): void {
  const login = cache.getQueryData(meQuery.queryKey)?.login
  const known = findKnown(cache, site.name)
  cache.setQueryData(siteQuery(site.name).queryKey, site)
  cache.setQueryData(sitesQuery('all').queryKey, (sites) => sites && withSite(sites, site))
  if (site.owner === login) cache.setQueryData(sitesQuery('mine').queryKey, (sites) => sites && withSite(sites, site))
  // A new site or other limits change what is used of the quota.
  if (!known || JSON.stringify(known.limits) !== JSON.stringify(site.limits))
    void cache.invalidateQueries({ queryKey: meQuery.queryKey })
}

function applySiteGone(cache: QueryClient, name: string): void {
  for (const scope of ['mine', 'all'] as const)
    cache.setQueryData(sitesQuery(scope).queryKey, (sites) => sites?.filter((site) => site.name !== name))
  void cache.invalidateQueries({ queryKey: siteQuery(name).queryKey })
  void cache.invalidateQueries({ queryKey: meQuery.queryKey })
}

/** What an operation has changed and no event tells. */
function applyEnd(cache: QueryClient, { kind, subject, state }: Operation): void {
  if (state === 'running') return
  if (kind === 'site.credentials') void cache.invalidateQueries({ queryKey: siteAccessQuery(subject).queryKey })
  if (kind === 'site.backup' || kind === 'site.fetch') {
    void cache.invalidateQueries({ queryKey: backupsQuery(subject).queryKey })
    void cache.invalidateQueries({ queryKey: allBackupsQuery.queryKey })
  }
  if (kind === 'site.fetch') void cache.invalidateQueries({ queryKey: offSiteQuery.queryKey })
  if (kind === 'site.destroy') void cache.invalidateQueries({ queryKey: ['trash'] })
  if (kind === 'site.owner') void cache.invalidateQueries({ queryKey: siteQuery(subject).queryKey })
  if (kind === 'site.unpack') void cache.invalidateQueries({ queryKey: ['folder', subject] })
  if (kind === 'site.domains') {
    void cache.invalidateQueries({ queryKey: domainsQuery(subject).queryKey })
    void cache.invalidateQueries({ queryKey: allNamesQuery.queryKey })
  }
  if (kind === 'site.settings') void cache.invalidateQueries({ queryKey: siteSettingsQuery(subject).queryKey })
  if (kind === 'site.environment') void cache.invalidateQueries({ queryKey: environmentQuery(subject).queryKey })
}

function applyAnnouncements(cache: QueryClient, announcements: ShownAnnouncement[]): void {
  const { queryKey } = meQuery
  cache.setQueryData(queryKey, (me) => me && { ...me, announcements })
  // An answer that is under way may be older than this.
  if (cache.isFetching({ queryKey }) > 0) void cache.invalidateQueries({ queryKey })
}

/** Puts what the server told into the cache, so that every page in view shows it at once. */
export function applyEvent(cache: QueryClient, event: ServerEvent): void {
  rememberEvent(event)
  switch (event.type) {
    case 'resync':
      // What is typed or opened stays as it is; lists and states are asked for again.
      void cache.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'site-defaults' })
      break
    case 'site':
      noteCpu([event.site])
      applySite(cache, event.site)
      break
    case 'siteGone':
      applySiteGone(cache, event.name)
      break
    case 'operation':
      cache.setQueryData(operationsQuery.queryKey, (list) => list && withOperation(list, event.operation))
      applyToSearches(cache, event.operation)
      applyEnd(cache, event.operation)
      break
    case 'announcements':
      applyAnnouncements(cache, event.announcements)
      break
    case 'templates':
      void cache.invalidateQueries({ queryKey: ['templates'] })
  }
}
