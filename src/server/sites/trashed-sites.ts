import { TRASH_DAYS, type TrashedSite } from '../../model/backup.js'
import { AppError } from '../../model/errors.js'
import type { Operation } from '../../model/operation.js'
import { deleteBackupPlan } from '../register/backup-plans.js'
import { deleteTrashed, expireTrashed, findTrashed, listTrash, type TrashedSite as Row } from '../register/trash.js'
import type { By, SitesContext } from './context.js'
import { createSite } from './create-site.js'
import { removeAllBackups } from './site-backups.js'

const DAY_MS = 86_400_000

/** Until when what a deleted site held can be brought back. */
const goneAt = (deletedAt: string): Date => new Date(Date.parse(deletedAt) + TRASH_DAYS * DAY_MS)

export function presentTrashed({ uuid, name, owner, deleted_at, site }: Row): TrashedSite {
  return { id: uuid, name, owner, stack: site.stack, deletedAt: deleted_at, goneAt: goneAt(deleted_at).toISOString() }
}

const isOver = ({ now }: SitesContext, { deleted_at }: Row): boolean => goneAt(deleted_at) <= now()

/** Deleted sites that can still be brought back, newest first; all, or those of one owner. */
export async function listTrashed(context: SitesContext, owner?: string): Promise<Row[]> {
  return (await listTrash(context.register.db, owner)).filter((row) => !isOver(context, row))
}

/** AppError `not_found`, also for somebody else's: ids tell nothing. */
export async function getTrashed(
  context: SitesContext,
  who: { login: string; administrator: boolean },
  uuid: string,
): Promise<Row> {
  const found = await findTrashed(context.register.db, uuid)
  if (found && !isOver(context, found) && (who.administrator || found.owner === who.login)) return found
  throw new AppError('not_found', 'There is no such site in the trash.')
}

/** Brings a deleted site back as it was; its own domain names must be added again, they may be somebody else's by now. */
export async function recoverSite(context: SitesContext, row: Row, name: string, by: By): Promise<Operation> {
  const { stack, packages, limits, wanted } = row.site
  const { operation } = await createSite(
    context,
    {
      ...{ name, owner: row.owner, stack, packages, limits, domains: [], start: wanted === 'running' },
      origin: { kind: 'trash', site: row.site },
    },
    by,
  )
  return operation
}

/** Deletes for good what is kept of a deleted site, and its backups. Begun once, it is brought to its end, by the next round if need be. */
export async function purgeTrashed(context: SitesContext, uuid: string, by: By): Promise<void> {
  await context.register.change((queries) => expireTrashed(queries, uuid))
  await context.engine.purge(uuid, { actor: by })
  await removeAllBackups(context, uuid, by)
  await context.register.change(async (queries) => {
    await deleteBackupPlan(queries, uuid)
    await deleteTrashed(queries, uuid)
  })
}

/** Deletes for good what has been in the trash for long enough. */
export async function sweepTrash(context: SitesContext): Promise<void> {
  for (const row of await listTrash(context.register.db))
    if (isOver(context, row)) await purgeTrashed(context, row.uuid, 'system')
}
