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
