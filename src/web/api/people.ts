import { queryOptions } from '@tanstack/react-query'
import { callApi } from './call-api.js'

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: async ({ signal }) => (await callApi('listPeople', {}, signal)).people,
})
