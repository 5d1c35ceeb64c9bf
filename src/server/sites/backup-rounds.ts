import { AppError } from '../../model/errors.js'
import { readBackupPlan } from '../register/backup-plans.js'
import { listSites } from '../register/sites.js'
import type { SitesContext } from './context.js'
import { planNextBackup } from './plan-retention.js'
import { backUpSite } from './site-backups.js'
import { sweepTrash } from './trashed-sites.js'

/** Backs up every site whose day has passed, one after the other so that the machine stays quick, and empties the trash of what was long enough in it. */
export async function runBackupRound(context: SitesContext): Promise<void> {
  const { register, engine, operations, now, log } = context
  await sweepTrash(context)
  for (const site of await listSites(register.db)) {
    if (site.lifecycle !== 'ready' || !(await readBackupPlan(register.db, site.uuid)).daily) continue
    if (planNextBackup(await engine.backups(site.uuid).list(), site.created_at) > now()) continue
    try {
      await operations.ended((await backUpSite(context, site.name, 'system')).id)
    } catch (error) {
      // Somebody is at it, or it has gone meanwhile: the next round looks again.
      if (!(error instanceof AppError)) throw error
      log.info({ site: site.name, code: error.code }, 'no backup now')
    }
  }
}
