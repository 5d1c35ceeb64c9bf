import { queryOptions, useQuery } from '@tanstack/react-query'
import type { Me } from '../../model/person.js'
import { callApi } from './call-api.js'
import { queryClient } from './query-client.js'

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => callApi('me', {}, signal),
  staleTime: 30_000,
})

/** Who is signed in, for pages inside the shell, which is only shown once this is known. */
export function useMe(): Me {
  const { data } = useQuery(meQuery)
  if (!data) throw new Error('used outside the shell')
  return data
}

/** Signs in and remembers who it is. Throws ApiError. */
export async function signIn(login: string, password: string): Promise<Me> {
  const me = await callApi('signIn', { body: { login, password } })
  queryClient.setQueryData(meQuery.queryKey, me)
  return me
}

/** Ends the session and loads the sign-in page afresh, so that nothing of the person stays in memory. */
export async function signOut(): Promise<void> {
  await callApi('signOut', {})
  // The browser may keep this page as it stands, for its back button.
  document.body.hidden = true
  window.location.assign('/sign-in')
}
