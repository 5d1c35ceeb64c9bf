import { queryOptions } from '@tanstack/react-query'
import { callApi } from './call-api.js'
import { queryClient } from './query-client.js'

export const keysQuery = queryOptions({
  queryKey: ['profile', 'keys'],
  queryFn: async ({ signal }) => (await callApi('listKeys', {}, signal)).keys,
})

export const tokensQuery = queryOptions({
  queryKey: ['profile', 'tokens'],
  queryFn: async ({ signal }) => (await callApi('listTokens', {}, signal)).tokens,
})

export const sessionsQuery = queryOptions({
  queryKey: ['profile', 'sessions'],
  queryFn: async ({ signal }) => (await callApi('listSessions', {}, signal)).sessions,
})

/** Does something to the profile and shows what it is now. */
async function change<T>(done: Promise<T>): Promise<T> {
  const result = await done
  await queryClient.invalidateQueries({ queryKey: ['profile'] })
  return result
}

export const addKey = (key: string) => change(callApi('addKey', { body: { key } }))
export const removeKey = (id: string) => change(callApi('removeKey', { params: { id } }))
export const createToken = (body: Parameters<typeof callApi<'createToken'>>[1]['body']) =>
  change(callApi('createToken', { body }))
export const removeToken = (id: string) => change(callApi('removeToken', { params: { id } }))
export const endSession = (session: string) => change(callApi('endSession', { params: { session } }))
export const endOtherSessions = () => change(callApi('endOtherSessions', {}))
