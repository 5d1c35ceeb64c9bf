import { queryOptions } from '@tanstack/react-query'
import { callApi } from './call-api.js'
import { noteCpu } from './cpu-rates.js'
import { meQuery } from './me.js'
import { queryClient } from './query-client.js'
import { bringSitesUp, bringSiteUp, markEvents } from './recent-events.js'

/** The stream brings usage figures as they change; this often a page in view asks by itself, should the stream be cut. */
const FALLBACK_MS = 30_000

export type SiteScope = 'mine' | 'all'

export const sitesQuery = (scope: SiteScope) =>
  queryOptions({
    queryKey: ['sites', scope],
    queryFn: async ({ signal }) => {
      const mark = markEvents()
      const query = scope === 'all' ? ({ all: 'true' } as const) : {}
      const { sites } = await callApi('listSites', { query }, signal)
      noteCpu(sites)
      const login = queryClient.getQueryData(meQuery.queryKey)?.login
      return bringSitesUp(sites, mark, ({ owner }) => scope === 'all' || owner === login)
    },
    refetchInterval: ({ state }) => state.data !== undefined && FALLBACK_MS,
  })

export const siteQuery = (name: string) =>
  queryOptions({
    queryKey: ['site', name],
    queryFn: async ({ signal }) => {
      const mark = markEvents()
      const site = await callApi('getSite', { params: { name } }, signal)
      noteCpu([site])
      return bringSiteUp(site, mark)
    },
    // A site that is not there, or not theirs, is not asked for again and again.
    refetchInterval: ({ state }) => state.data !== undefined && FALLBACK_MS,
  })

export const siteDefaultsQuery = queryOptions({
  queryKey: ['site-defaults'],
  queryFn: ({ signal }) => callApi('siteDefaults', {}, signal),
  // The proposed name is only good until the next site is made.
  staleTime: 0,
  gcTime: 0,
})

export const nameQuery = (name: string) =>
  queryOptions({
    queryKey: ['name', name],
    queryFn: ({ signal }) => callApi('checkName', { params: { name } }, signal),
    staleTime: 5_000,
    gcTime: 10_000,
  })

export const siteLogsQuery = (name: string) =>
  queryOptions({
    queryKey: ['logs', name],
    queryFn: async ({ signal }) =>
      (await callApi('siteLogs', { params: { name }, query: { lines: 100 } }, signal)).lines,
    staleTime: 0,
  })
