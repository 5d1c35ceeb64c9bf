import { queryOptions } from '@tanstack/react-query'
import { callApi } from './call-api.js'

/** No event tells how programs are; this often a page in view asks. */
const LOOK_MS = 15_000
const LAST_LINES = 40

export const programsQuery = (name: string) =>
  queryOptions({
    queryKey: ['programs', name],
    queryFn: ({ signal }) => callApi('sitePrograms', { params: { name } }, signal),
    refetchInterval: LOOK_MS,
    staleTime: 0,
  })

/** The last words of the programs; asked for again when something else has ended `at` another time. */
export const programLinesQuery = (name: string, at: string) =>
  queryOptions({
    queryKey: ['program-lines', name, at],
    queryFn: async ({ signal }) => {
      const { lines } = await callApi('siteLogs', { params: { name }, query: { lines: LAST_LINES } }, signal)
      return lines.filter(({ source }) => source === 'programs').map(({ text }) => text)
    },
  })
