import { queryOptions } from '@tanstack/react-query'
import { callApi } from './call-api.js'

export const welcomeQuery = queryOptions({
  queryKey: ['welcome'],
  queryFn: ({ signal }) => callApi('welcome', {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
})
