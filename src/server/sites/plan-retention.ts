import type { Backup, BackupPlan } from '../../model/backup.js'

const DAY_MS = 86_400_000

/** What decides whether a backup is kept. */
export interface Keepable {
  id: string
  createdAt: string
  proof?: { proven: boolean } | undefined
}

/** Pure: the backups that need not be kept: the newest of each of the last days and weeks stays, and whatever else, the newest and the newest proven. */
export function planRetention<T extends Keepable>(backups: readonly T[], plan: BackupPlan, now: Date): T[] {
  const newestFirst = [...backups].sort((one, other) => (one.createdAt < other.createdAt ? 1 : -1))
  const kept = new Set<string>()
  const keep = (backup: Keepable | undefined) => backup && kept.add(backup.id)
  keep(newestFirst[0])
  keep(newestFirst.find(({ proof }) => proof?.proven))
  const ageDays = ({ createdAt }: Keepable) => Math.floor((now.getTime() - Date.parse(createdAt)) / DAY_MS)
  for (let day = 0; day < plan.keepDaily; day++) keep(newestFirst.find((backup) => ageDays(backup) === day))
  for (let week = 0; week < plan.keepWeekly; week++)
    keep(newestFirst.find((backup) => Math.floor(ageDays(backup) / 7) === week))
  return newestFirst.filter(({ id }) => !kept.has(id))
}

/** Pure: when the next daily backup of a site is due: a day after the newest, or after the site was made. */
export function planNextBackup(backups: readonly Pick<Backup, 'createdAt'>[], siteCreatedAt: string): Date {
  const newest = backups.map(({ createdAt }) => createdAt).reduce((a, b) => (a > b ? a : b), siteCreatedAt)
  return new Date(Date.parse(newest) + DAY_MS)
}
