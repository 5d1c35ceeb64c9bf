import type { Work } from '../operations/operations.js'
import { deleteSite } from '../register/sites.js'
import type { By, SitesContext } from './context.js'

/** Takes away everything of a site that the register marks as being removed: names first, the register's row last, so that a crash resumes it. */
export async function removeSite(
  context: SitesContext,
  site: { name: string; owner: string },
  by: By,
  work: Work,
): Promise<void> {
  const { engine, observed, routing, announcing } = context
  work.note({ step: 'proxy' })
  const isUnrouted = await routing.refreshLater()
  await announcing.refresh(work)
  work.note({ step: 'destroy' })
  await engine.destroy(site.name, { actor: by, note: work.note, signal: work.signal })
  observed.forget(site.name)
  // With the row its address is free, and whoever is given it would be seen under the names that the front proxy still leads there.
  if (!isUnrouted) await routing.refresh()
  await forgetSite(context, site)
}

/** Takes a site out of the register and tells who looks. */
export async function forgetSite(context: SitesContext, site: { name: string; owner: string }): Promise<void> {
  await context.register.change((queries) => deleteSite(queries, site.name))
  context.changes.publish({ type: 'siteGone', name: site.name, owner: site.owner })
}
