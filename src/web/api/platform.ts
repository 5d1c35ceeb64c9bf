import { queryOptions } from '@tanstack/react-query'
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

/** A look takes seconds and is asked for: it is not repeated by itself. */
export const doctorQuery = queryOptions({
  queryKey: ['doctor'],
  queryFn: ({ signal }) => callApi('runDoctor', {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
  refetchOnReconnect: false,
  refetchOnWindowFocus: false,
})
