import type { Operation } from '../../model/operation.js'
import type { Work } from '../operations/operations.js'
import type { Queries } from '../register/register.js'
import { findSite, type SiteRecord, updateSite } from '../register/sites.js'
import { applySpec } from './apply-spec.js'
import type { By, SitesContext } from './context.js'
import { getReadySite } from './ready-site.js'

export interface SiteChange {
  kind: 'site.owner' | 'site.limits' | 'site.domains' | 'site.credentials' | 'site.environment'
  /** Checks and writes the change, in one transaction with the new generation. */
  write(queries: Queries, site: SiteRecord): Promise<void>
  /** Writes back what was before. */
  revert(queries: Queries, before: SiteRecord): Promise<void>
  /** What follows once the container has it. */
  after?(work: Work): Promise<void>
}

/** Changes what a site's container is given. When the engine refuses, the register has the old values again. */
export async function changeSite(context: SitesContext, name: string, by: By, change: SiteChange): Promise<Operation> {
  const { operation } = await context.operations.begin({
    kind: change.kind,
    subject: name,
    by,
    prepare: () =>
      context.register.change(async (queries) => {
        const site = await getReadySite(queries, name)
        await change.write(queries, site)
        await updateSite(queries, name, { generation: site.generation + 1 })
        return site
      }),
    run: async (work, before) => {
      try {
        await applySpec(context, name, by, work)
      } catch (error) {
        work.note({ step: 'undo', message: 'the old values are put back' })
        await revert(context, before, change)
        throw error
      }
      await change.after?.(work)
    },
  })
  return operation
}

// One generation further, not back: the engine may have taken part of the change, so the reconciler must apply the old values.
async function revert({ register }: SitesContext, before: SiteRecord, change: SiteChange): Promise<void> {
  await register.change(async (queries) => {
    const now = await findSite(queries, before.name)
    if (!now) return
    await change.revert(queries, before)
    await updateSite(queries, before.name, { generation: now.generation + 1 })
  })
}
