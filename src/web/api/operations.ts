import { queryOptions } from '@tanstack/react-query'
import type { Operation } from '../../model/operation.js'
import { callApi } from './call-api.js'
import { bringOperationsUp, markEvents } from './recent-events.js'

export const operationsQuery = queryOptions({
  queryKey: ['operations'],
  queryFn: async ({ signal }) => {
    const mark = markEvents()
    return bringOperationsUp((await callApi('listOperations', {}, signal)).operations, mark)
  },
})

const LOOK_MS = 250

/** Waits until an operation has ended, however it did. */
export async function endOf(id: string): Promise<Operation> {
  for (;;) {
    const operation = await callApi('getOperation', { params: { id } })
    if (operation.state !== 'running') return operation
    await new Promise((resolve) => window.setTimeout(resolve, LOOK_MS))
  }
}
