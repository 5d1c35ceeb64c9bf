import type { ErrorBody } from '../../../../model/errors.js'
import type { Operation } from '../../../../model/operation.js'
import type { Site } from '../../../../model/site.js'

export interface Trouble {
  kind: 'failed' | 'creation' | 'memory' | 'disk' | 'restarts' | 'unknown'
  count?: number
  reason?: string
  error?: ErrorBody
}

const DISK_FULL = 0.95
const MANY_RESTARTS = 3

/** What is wrong with a site or soon will be, worst first. */
export function findTroubles(site: Site, operations: Operation[]): Trouble[] {
  const troubles: Trouble[] = []
  const last = operations[0]
  const error = last?.state === 'failed' ? last.error : undefined
  if (site.state === 'failed')
    troubles.push({
      kind: 'failed',
      ...(site.reason && site.reason !== error?.message && { reason: site.reason }),
      ...(error && { error }),
    })
  else if (error && last?.kind === 'site.create') troubles.push({ kind: 'creation', error })
  if (site.state === 'unknown') troubles.push({ kind: 'unknown' })
  const { oomKills = 0, diskUsedBytes = 0 } = site.usage ?? {}
  if (oomKills > 0) troubles.push({ kind: 'memory', count: oomKills })
  if (diskUsedBytes >= DISK_FULL * site.limits.diskBytes) troubles.push({ kind: 'disk' })
  if ((site.restarts ?? 0) >= MANY_RESTARTS) troubles.push({ kind: 'restarts', count: site.restarts ?? 0 })
  return troubles
}
