import type { Updateable } from 'kysely'
import type { Work } from '../operations/operations.js'
import type { SitesTable } from '../register/schema.js'
import { findSite, updateSite } from '../register/sites.js'
import { applySpec } from './apply-spec.js'
import type { By, SitesContext } from './context.js'
import { start, stop } from './run-site.js'

type Column = 'template_before' | 'template_refused' | 'packages' | 'server' | 'language' | 'database' | 'stack_before'

/** What a site is to run on from its next start on, as columns of the register; what is not said stays. */
export type Choice = { template: string } & Pick<Updateable<SitesTable>, Column>

/** Durable before anything is done: whoever goes on after a crash gives the site what it is to have. */
export async function choose({ register }: SitesContext, name: string, choice: Choice): Promise<void> {
  await register.change(async (queries) => {
    const site = await findSite(queries, name)
    if (site) await updateSite(queries, name, { ...choice, generation: site.generation + 1 })
  })
}

/** Stops a site, gives its container what was chosen, and starts it, as far as wanted. */
export async function restartOn(
  context: SitesContext,
  name: string,
  by: By,
  work: Work,
  { stops, starts }: { stops: boolean; starts: boolean },
): Promise<void> {
  if (stops) await stop(context, name, by, work)
  await applySpec(context, name, by, work)
  if (starts) await start(context, name, by, work)
}
