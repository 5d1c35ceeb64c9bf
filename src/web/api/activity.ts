import { infiniteQueryOptions } from '@tanstack/react-query'
import type { ActPage } from '../../model/activity.js'
import { callApi } from './call-api.js'

const PAGES = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ next }: ActPage) => next,
}

/** What people asked for on one site, newest first. */
export const siteActivityQuery = (name: string) =>
  infiniteQueryOptions({
    ...PAGES,
    queryKey: ['activity', 'site', name],
    queryFn: ({ pageParam, signal }) =>
      callApi('listActivity', { params: { name }, query: { before: pageParam } }, signal),
  })

/** What everybody asked for; of one person, or on one site, where these are given. */
export const activityQuery = (by: string, site: string) =>
  infiniteQueryOptions({
    ...PAGES,
    queryKey: ['activity', 'all', by, site],
    queryFn: ({ pageParam, signal }) =>
      callApi(
        'listAllActivity',
        { query: { before: pageParam, by: by || undefined, site: site || undefined } },
        signal,
      ),
  })
