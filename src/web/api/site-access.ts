import { queryOptions } from '@tanstack/react-query'
import { callApi } from './call-api.js'

export const siteAccessQuery = (name: string) =>
  queryOptions({
    queryKey: ['site-access', name],
    queryFn: ({ signal }) => callApi('siteAccess', { params: { name } }, signal),
    // Passwords do not stay in memory after the page is left.
    gcTime: 0,
  })
