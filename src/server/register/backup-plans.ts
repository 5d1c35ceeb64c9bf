import { type BackupPlan, DEFAULT_BACKUP_PLAN } from '../../model/backup.js'
import type { Queries } from './register.js'

/** How a site is backed up. */
export async function readBackupPlan(queries: Queries, uuid: string): Promise<BackupPlan> {
  const row = await queries.selectFrom('backup_plans').selectAll().where('site_uuid', '=', uuid).executeTakeFirst()
  if (!row) return DEFAULT_BACKUP_PLAN
  return { daily: row.enabled === 1, keepDaily: row.keep_daily, keepWeekly: row.keep_weekly }
}

/** Sites that are not backed up by themselves, by their own ids. */
export async function listUnplanned(queries: Queries): Promise<Set<string>> {
  const rows = await queries.selectFrom('backup_plans').select('site_uuid').where('enabled', '=', 0).execute()
  return new Set(rows.map(({ site_uuid }) => site_uuid))
}

export async function writeBackupPlan(queries: Queries, uuid: string, plan: BackupPlan): Promise<void> {
  const values = { enabled: plan.daily ? 1 : 0, keep_daily: plan.keepDaily, keep_weekly: plan.keepWeekly }
  await queries
    .insertInto('backup_plans')
    .values({ site_uuid: uuid, ...values })
    .onConflict((conflict) => conflict.column('site_uuid').doUpdateSet(values))
    .execute()
}

export async function deleteBackupPlan(queries: Queries, uuid: string): Promise<void> {
  await queries.deleteFrom('backup_plans').where('site_uuid', '=', uuid).execute()
}
