import { AppError } from '../../model/errors.js'
import type { Limits, Quota } from '../../model/limits.js'
import { formatSize } from '../../model/sizes.js'
import { quotaOf, readPerson } from '../register/people.js'
import type { Queries } from '../register/register.js'
import { listSites, type SiteRecord } from '../register/sites.js'

/** The machine's own root, whose sites have no quota. */
export const ROOT = 'root'

/** What sites take together. */
export function sumUse(sites: { limits: Limits }[]): Quota {
  const use: Quota = { sites: sites.length, cpuMilli: 0, memoryBytes: 0, diskBytes: 0 }
  for (const { limits } of sites) {
    use.cpuMilli += limits.cpuMilli
    use.memoryBytes += limits.memoryBytes
    use.diskBytes += limits.diskBytes
  }
  return use
}

/** What the owner's sites take; one that is being removed takes nothing any more. */
export async function usedBy(queries: Queries, owner: string): Promise<Quota> {
  return sumUse((await listSites(queries, owner)).filter(counts))
}

export const counts = (site: SiteRecord): boolean => site.lifecycle !== 'removing'

/**
 * Refuses (`limit_reached`) a site `name` with these limits when its owner's sites would then take more than the quota. To be called in the
 * transaction that writes it. What already is above the quota may shrink.
 */
export async function checkQuota(queries: Queries, owner: string, name: string, limits: Limits): Promise<void> {
  if (owner === ROOT) return
  const quota = quotaOf(await readPerson(queries, owner))
  const sites = (await listSites(queries, owner)).filter(counts)
  const before = sumUse(sites)
  const after = sumUse([...sites.filter((site) => site.name !== name), { limits }])
  const problems = planRefusals(quota, before, after)
  if (problems.length === 0) return
  throw new AppError(
    'limit_reached',
    `The quota of ${owner} does not allow this: ${problems.map((p) => p.message).join(', ')}.`,
    {
      hint: 'Make it smaller, delete another site, or ask an administrator for more.',
      fields: problems,
    },
  )
}

const SHOWN: Record<keyof Quota, { path: string; show: (value: number) => string }> = {
  sites: { path: 'name', show: (n) => `${n} ${n === 1 ? 'site' : 'sites'}` },
  cpuMilli: { path: 'limits.cpuMilli', show: (n) => `${n / 1000} cores` },
  memoryBytes: { path: 'limits.memoryBytes', show: (n) => `${formatSize(n)} of memory` },
  diskBytes: { path: 'limits.diskBytes', show: (n) => `${formatSize(n)} of disk` },
}

/** Every part of the quota that `after` breaks, except where it takes no more than before. */
export function planRefusals(quota: Quota, before: Quota, after: Quota): { path: string; message: string }[] {
  return (Object.keys(SHOWN) as (keyof Quota)[])
    .filter((part) => after[part] > quota[part] && after[part] > before[part])
    .map((part) => {
      const { path, show } = SHOWN[part]
      return { path, message: `${show(after[part])} where ${show(quota[part])} may be had` }
    })
}
