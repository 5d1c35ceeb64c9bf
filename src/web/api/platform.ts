import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { ApiInput } from '../../model/api.js'
import { callApi } from './call-api.js'
import { followOperation } from './followed.js'

export const platformQuery = queryOptions({
  queryKey: ['platform'],
  queryFn: ({ signal }) => callApi('platform', {}, signal),
  refetchInterval: 10_000,
})

export const templatesQuery = queryOptions({
  queryKey: ['templates'],
  queryFn: async ({ signal }) => (await callApi('listTemplates', {}, signal)).templates,
})

/** Asked for again by itself: DNS and authorities change without anybody here. */
export const allNamesQuery = queryOptions({
  queryKey: ['all-names'],
  queryFn: ({ signal }) => callApi('listAllNames', {}, signal),
  refetchInterval: 20_000,
})

/** Other people's backups come and go. */
export const allBackupsQuery = queryOptions({
  queryKey: ['all-backups'],
  queryFn: ({ signal }) => callApi('listAllBackups', {}, signal),
  refetchInterval: 30_000,
})

/** The machine elsewhere is asked: that takes seconds, so it is not repeated by itself. */
export const offSiteQuery = queryOptions({
  queryKey: ['off-site'],
  queryFn: ({ signal }) => callApi('listOffSite', {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
  refetchOnReconnect: false,
  refetchOnWindowFocus: false,
})

/** Each reading is written down in what is read: it is not repeated by itself. */
export const auditQuery = (query: ApiInput<'readAudit'>['query']) =>
  queryOptions({
    queryKey: ['audit', query],
    queryFn: ({ signal }) => callApi('readAudit', { query }, signal),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnReconnect: false,
    refetchOnWindowFocus: false,
  })

/** A look takes seconds and is asked for: it is not repeated by itself. */
export const doctorQuery = queryOptions({
  queryKey: ['doctor'],
  queryFn: ({ signal }) => callApi('runDoctor', {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
  refetchOnReconnect: false,
  refetchOnWindowFocus: false,
})

/** Brings a copy back to where backups are, and tells the person of its end. */
export async function fetchOffSite(key: string, id: string): Promise<void> {
  followOperation((await callApi('fetchOffSite', { params: { key, id } })).operation)
}
