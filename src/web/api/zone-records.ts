import { queryOptions } from '@tanstack/react-query'
import type { RecordWish } from '../../model/zone-record.js'
import { callApi } from './call-api.js'
import { queryClient } from './query-client.js'

/** Looked at again by itself while the DNS server has not heard of all of them. */
const LOOK_MS = 5_000

export const recordsQuery = (name: string) =>
  queryOptions({
    queryKey: ['zone-records', name],
    queryFn: ({ signal }) => callApi('listRecords', { params: { name } }, signal),
    refetchInterval: ({ state }) =>
      state.data?.records.some(({ dns }) => dns !== undefined && dns.state !== 'announced') ? LOOK_MS : false,
  })

export async function addRecord(name: string, body: RecordWish): Promise<void> {
  await callApi('addRecord', { params: { name }, body })
  await queryClient.invalidateQueries(recordsQuery(name))
}

export async function removeRecord(name: string, id: string): Promise<void> {
  await callApi('removeRecord', { params: { name, id } })
  await queryClient.invalidateQueries(recordsQuery(name))
}
