import { queryOptions } from '@tanstack/react-query'
import { callApi } from './call-api.js'

export const operationsQuery = queryOptions({
  queryKey: ['operations'],
  queryFn: async ({ signal }) => (await callApi('listOperations', {}, signal)).operations,
})
