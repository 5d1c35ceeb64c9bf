import type { ContainerStatus } from '../../model/container.js'
import { CANARY_ID } from '../../model/names.js'
import type { SiteRecord } from '../register/sites.js'

export type Verb = 'create' | 'destroy' | 'update' | 'start' | 'stop'

export interface Plan {
  actions: { name: string; verb: Verb }[]
  /** Containers that the register does not know: left alone and reported. */
  orphans: string[]
  /** Sites whose container is gone with its data: reported, never replaced by an empty one. */
  missing: string[]
  /** Sites that run and should not, left alone because they are too many at once for it to be believed. */
  held: string[]
}

// A register that was put back from a backup must not stop half the house.
const BRAKE_COUNT = 3
const BRAKE_SHARE = 0.2

/** What must be done so that what is becomes what should be. Pure: doing it twice changes nothing more. */
export function planReconcile(sites: SiteRecord[], statuses: ContainerStatus[]): Plan {
  const byId = new Map(statuses.map((status) => [status.id, status]))
  const names = new Set(sites.map((site) => site.name))
  const wanted = sites.map((site) => ({ name: site.name, verb: planVerb(site, byId.get(site.name)) }))
  const stops = wanted.filter(({ verb }) => verb === 'stop').map(({ name }) => name)
  const held = stops.length > BRAKE_COUNT && stops.length > BRAKE_SHARE * statuses.length ? stops : []
  return {
    actions: wanted.flatMap(({ name, verb }) => (verb === undefined || held.includes(name) ? [] : [{ name, verb }])),
    orphans: statuses.filter((status) => !names.has(status.id) && status.id !== CANARY_ID).map((status) => status.id),
    missing: sites.filter((site) => site.lifecycle === 'ready' && !byId.has(site.name)).map((site) => site.name),
    held,
  }
}

/** What one site needs next, if anything. */
export function planVerb(site: SiteRecord, status: ContainerStatus | undefined): Verb | undefined {
  if (site.lifecycle === 'creating') return 'create'
  if (site.lifecycle === 'removing') return 'destroy'
  if (!status) return undefined
  if (site.applied < site.generation || !sameLimits(site, status)) return 'update'
  // What the engine wants too it sees to by itself, with pauses of its own that a start from here would cut short.
  if (site.wanted === status.wanted) return undefined
  return site.wanted === 'running' ? 'start' : 'stop'
}

function sameLimits({ limits }: SiteRecord, status: ContainerStatus): boolean {
  const { cpuMilli, memoryBytes, diskBytes, pids } = status.limits
  return (
    limits.cpuMilli === cpuMilli &&
    limits.memoryBytes === memoryBytes &&
    limits.diskBytes === diskBytes &&
    limits.pids === pids
  )
}
