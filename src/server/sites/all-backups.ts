import type { ListedBackups } from '../../model/api/backups.js'
import { listUnplanned } from '../register/backup-plans.js'
import { listCopyRows } from '../register/off-site-copies.js'
import { listOwners } from '../register/sites.js'
import type { SitesContext } from './context.js'
import { toState } from './off-site-copies.js'
import { planNextBackup } from './plan-retention.js'

/** How it stands with the backups of every site: one question to the engine and three to the register, however many sites there are. */
export async function listAllBackups({
  engine,
  register,
  offSite,
}: Pick<SitesContext, 'engine' | 'register' | 'offSite'>): Promise<{ sites: ListedBackups[]; hasOffSite: boolean }> {
  const [owners, unplanned, surveys, rows] = await Promise.all([
    listOwners(register.db),
    listUnplanned(register.db),
    engine.surveyBackups(),
    offSite ? listCopyRows(register.db) : [],
  ])
  const surveyOf = new Map(surveys.map((survey) => [survey.key, survey]))
  const rowOf = new Map(rows.map((row) => [row.backup, row]))
  const sites = owners
    .filter(({ lifecycle }) => lifecycle !== 'removing')
    .map(({ name, uuid, owner, created_at }): ListedBackups => {
      const { ids = [], sizeBytes = 0, newest, provenAt } = surveyOf.get(uuid) ?? {}
      const daily = !unplanned.has(uuid)
      const row = newest && rowOf.get(newest.id)
      return {
        ...{ site: name, owner, siteCreatedAt: created_at, count: ids.length, sizeBytes, daily },
        ...(newest && { newest }),
        ...(provenAt !== undefined && { provenAt }),
        ...(daily && { nextAt: planNextBackup(newest ? [newest] : [], created_at).toISOString() }),
        ...(offSite && newest && { offSite: row ? toState(row) : {} }),
      }
    })
  return { sites, hasOffSite: offSite !== undefined }
}
