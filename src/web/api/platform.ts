import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { ApiInput } from '../../model/api.js'
import { callApi } from './call-api.js'

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
