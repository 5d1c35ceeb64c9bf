import type { Work } from '../operations/operations.js'
import { deleteBackupPlan } from '../register/backup-plans.js'
import { deleteSite, type SiteRecord } from '../register/sites.js'
import { insertTrashed } from '../register/trash.js'
import type { By, SitesContext } from './context.js'
import { release } from './released-names.js'
import { removeAllBackups } from './site-backups.js'

/** Takes away everything of a site that the register marks as being removed: names first, the register's row last, so that a crash resumes it. */
export async function removeSite(context: SitesContext, site: SiteRecord, by: By, work: Work): Promise<void> {
  const { engine, observed, routing, announcing } = context
  const call = { actor: by, note: work.note, signal: work.signal }
  work.note({ step: 'proxy' })
  const isUnrouted = await routing.refreshLater()
  await announcing.refresh(work)
  work.note({ step: 'destroy' })
  const isKept = site.purged === 0
  await engine.destroy(site.name, call, isKept ? site.uuid : undefined)
  observed.forget(site.name)
  // With the row its address is free, and whoever is given it would be seen under the names that the front proxy still leads there.
  if (!isUnrouted) await routing.refresh()
  if (!isKept) {
    // A removal that was to keep it may have been cut off after that, and been asked for without.
    await engine.purge(site.uuid, call)
    await removeAllBackups(context, site.uuid, by)
  }
  await forgetSite(context, site, isKept)
}

/** Takes a site out of the register and tells who looks; what is kept of it is in the trash from then on. */
export async function forgetSite(context: SitesContext, site: SiteRecord, isKept = false): Promise<void> {
  await context.register.change(async (queries) => {
    if (isKept) await insertTrashed(queries, site, context.now().toISOString())
    else await deleteBackupPlan(queries, site.uuid)
    await deleteSite(queries, site.name)
    // One that never came to be had no visitors.
    if (site.applied === 0) return
    await release(queries, [context.naming.platformName(site.name), ...site.domains], site.owner, context.now())
  })
  context.changes.publish({ type: 'siteGone', name: site.name, site })
}
