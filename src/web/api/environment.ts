import { queryOptions } from '@tanstack/react-query'
import type { EnvironmentChange } from '../../model/environment.js'
import { callApi } from './call-api.js'
import { followOperation } from './followed.js'
import { showOperation } from './power.js'

/** The names of the variables; values are asked for one look at a time. */
export const environmentQuery = (name: string) =>
  queryOptions({
    queryKey: ['environment', name],
    queryFn: async ({ signal }) => (await callApi('siteEnvironment', { params: { name }, query: {} }, signal)).names,
  })

/** The value of a variable; it is kept nowhere. */
export async function readVariable(name: string, variable: string): Promise<string> {
  const { values } = await callApi('siteEnvironment', { params: { name }, query: { values: 'true' } })
  return values?.[variable] ?? ''
}

export async function changeEnvironment(name: string, variables: EnvironmentChange): Promise<void> {
  const { operation } = await callApi('changeEnvironment', { params: { name }, body: { variables } })
  followOperation(operation)
  showOperation(name, operation)
}
