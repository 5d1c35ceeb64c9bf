import type { Backup } from '../../model/backup.js'
import { AppError } from '../../model/errors.js'
import type { Operation } from '../../model/operation.js'
import type { Work } from '../operations/operations.js'
import { readBackupPlan } from '../register/backup-plans.js'
import { markLeaving } from '../register/off-site-copies.js'
import type { SiteRecord } from '../register/sites.js'
import type { By, SitesContext } from './context.js'
import { planRetention } from './plan-retention.js'
import { getReadySite } from './ready-site.js'

const callOf = (by: By, work: Work) => ({ actor: by, note: work.note, signal: work.signal })

/** Backs a site up, proves it, and lets go of what need not be kept any more. The operation's id is the backup's. */
export async function backUpSite(context: SitesContext, name: string, by: By): Promise<Operation> {
  const { operation } = await context.operations.begin({
    kind: 'site.backup',
    subject: name,
    by,
    prepare: () => getReadySite(context.register.db, name),
    run: async (work, site) => {
      const backups = context.engine.backups(site.uuid)
      await backups.create(name, work.id, callOf(by, work))
      await prove(context, site, work.id, by, work)
      const plan = await readBackupPlan(context.register.db, site.uuid)
      for (const { id } of planRetention(await backups.list(), plan, context.now()))
        await backups.remove(id, { actor: by })
    },
  })
  return operation
}

/** Tries a backup out; what is wrong with it is told in the operation's log and with the backup. */
export async function proveBackup(context: SitesContext, name: string, backup: string, by: By): Promise<Operation> {
  const { operation } = await context.operations.begin({
    kind: 'site.backup',
    subject: name,
    by,
    prepare: () => getReadySite(context.register.db, name),
    run: (work, site) => prove(context, site, backup, by, work),
  })
  return operation
}

async function prove(context: SitesContext, site: SiteRecord, backup: string, by: By, work: Work): Promise<void> {
  work.note({ step: 'prove' })
  const { proof } = await context.engine.backups(site.uuid).prove(site.name, backup, callOf(by, work))
  const message = proof?.proven ? 'proven' : `not proven: ${proof?.reason ?? 'for an unknown reason'}`
  work.note({ step: 'prove', message })
}

/** Puts a backup in the place of what the site holds, or one file or one table of it. */
export async function restoreBackup(
  context: SitesContext,
  name: string,
  backup: string,
  part: { path?: string | undefined; table?: string | undefined },
  by: By,
): Promise<Operation> {
  const { operation } = await context.operations.begin({
    kind: 'site.restore',
    subject: name,
    by,
    prepare: async () => {
      const site = await getReadySite(context.register.db, name)
      await getBackup(context, site, backup)
      return site
    },
    run: async (work, site) => {
      const backups = context.engine.backups(site.uuid)
      const call = callOf(by, work)
      work.note({ step: 'restore' })
      if (part.path !== undefined) await backups.restoreFile(name, backup, part.path, call)
      else if (part.table !== undefined) await backups.restoreTable(name, backup, part.table, call)
      else context.observed.note(await backups.restore(name, backup, call))
    },
  })
  return operation
}

/** AppError `not_found`. */
export async function getBackup(context: SitesContext, site: SiteRecord, id: string): Promise<Backup> {
  const found = (await context.engine.backups(site.uuid).list()).find((one) => one.id === id)
  if (found) return found
  throw new AppError('not_found', 'There is no such backup of this site.')
}

/** Here and, as soon as it can be reached, elsewhere. */
export async function removeAllBackups({ engine, register }: SitesContext, uuid: string, by: By): Promise<void> {
  await markLeaving(register.db, uuid)
  const backups = engine.backups(uuid)
  for (const { id } of await backups.list()) await backups.remove(id, { actor: by })
}
