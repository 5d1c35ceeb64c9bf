import { useMutation } from '@tanstack/react-query'
import type { Phase } from '../../model/container.js'
import type { Site } from '../../model/site.js'
import { callApi } from './call-api.js'
import { followOperation } from './followed.js'
import { operationsQuery } from './operations.js'
import { queryClient } from './query-client.js'
import { hasEnded, hasToldOf, markEvents } from './recent-events.js'
import { siteQuery, sitesQuery } from './sites.js'

export type PowerVerb = 'start' | 'stop' | 'restart'

const ask: Record<PowerVerb, (name: string) => Promise<{ operation: string }>> = {
  start: (name) => callApi('startSite', { params: { name } }),
  stop: (name) => callApi('stopSite', { params: { name } }),
  restart: (name) => callApi('restartSite', { params: { name } }),
}

const NEXT: Record<PowerVerb, Phase> = { start: 'starting', stop: 'stopping', restart: 'stopping' }

/** What can be done with a site in this state by this person. */
export function findPowerVerbs(site: Pick<Site, 'state' | 'rights'>): PowerVerb[] {
  if (!site.rights.includes('power')) return []
  if (site.state === 'running') return ['restart', 'stop']
  if (site.state === 'stopped') return ['start']
  if (site.state === 'asleep') return ['start', 'stop']
  return site.state === 'failed' ? ['start', 'stop'] : []
}

/** What a site will show of itself, and the place in the stream at which that was asked for: what the stream tells after it counts more. */
interface Next {
  state: Phase
  mark: number
}

/** Shows at once that an operation runs on the site, unless the stream has already told more. */
export function showOperation(name: string, id: string, next?: Next): void {
  const known = queryClient.getQueryData(operationsQuery.queryKey)?.find((operation) => operation.id === id)
  if (next && hasToldOf(name, next.mark)) return
  if (hasEnded(id) || (known && known.state !== 'running')) return
  const change = (site: Site): Site => ({ ...site, operation: id, ...(next && { state: next.state }) })
  queryClient.setQueryData(siteQuery(name).queryKey, (site) => site && change(site))
  for (const scope of ['mine', 'all'] as const)
    queryClient.setQueryData(sitesQuery(scope).queryKey, (sites) =>
      sites?.map((site) => (site.name === name ? change(site) : site)),
    )
}

/** Starts, stops or restarts a site and follows the operation. Throws ApiError when it is refused. */
export async function powerSite(name: string, verb: PowerVerb): Promise<void> {
  const mark = markEvents()
  const { operation } = await ask[verb](name)
  followOperation(operation)
  showOperation(name, operation, { state: NEXT[verb], mark })
}

/** Stops a site until its next visit. */
export async function sleepNow(name: string): Promise<void> {
  const mark = markEvents()
  const { operation } = await callApi('sleepSite', { params: { name } })
  followOperation(operation)
  showOperation(name, operation, { state: 'stopping', mark })
}

export async function destroySite(name: string): Promise<void> {
  const mark = markEvents()
  const { operation } = await callApi('destroySite', { params: { name }, query: {} })
  followOperation(operation)
  showOperation(name, operation, { state: 'stopping', mark })
}

export function usePower(name: string) {
  return useMutation({ mutationFn: (verb: PowerVerb) => powerSite(name, verb) })
}
