import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query'
import type { ApiInput, ApiResult } from '../../model/api.js'
import type { Operation } from '../../model/operation.js'
import { callApi } from './call-api.js'
import { bringOperationsUp, markEvents } from './recent-events.js'

const SEARCHES = ['operation-searches']

export const operationsQuery = queryOptions({
  queryKey: ['operations'],
  queryFn: async ({ signal }) => {
    const mark = markEvents()
    return bringOperationsUp((await callApi('listOperations', {}, signal)).operations, mark)
  },
})

export type OperationFilter = ApiInput<'searchOperations'>['query']

/** One page of everybody's operations; the former one is shown until it is there. */
export const searchQuery = (query: OperationFilter) =>
  queryOptions({
    queryKey: [...SEARCHES, query],
    queryFn: ({ signal }) => callApi('searchOperations', { query }, signal),
    placeholderData: keepPreviousData,
  })

/** Puts what an operation has become into the pages that show it; one that is new to all of them has them asked for again. */
export function applyToSearches(cache: QueryClient, operation: Operation): void {
  let isShown = false
  cache.setQueriesData<ApiResult<'searchOperations'>>({ queryKey: SEARCHES }, (found) => {
    const index = found?.operations.findIndex(({ id }) => id === operation.id) ?? -1
    if (!found || index < 0) return found
    isShown = true
    return { ...found, operations: found.operations.with(index, operation) }
  })
  if (!isShown) void cache.invalidateQueries({ queryKey: SEARCHES })
}

const LOOK_MS = 250

/** Waits until an operation has ended, however it did. */
export async function endOf(id: string): Promise<Operation> {
  for (;;) {
    const operation = await callApi('getOperation', { params: { id } })
    if (operation.state !== 'running') return operation
    await new Promise((resolve) => window.setTimeout(resolve, LOOK_MS))
  }
}
