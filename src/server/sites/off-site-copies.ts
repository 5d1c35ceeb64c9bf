import { AppError } from '../../model/errors.js'
import type { ListedCopy, OffSiteCheck, OffSiteCopy, OffSiteState } from '../../model/off-site.js'
import type { Operation } from '../../model/operation.js'
import type { OffSite } from '../off-site/repository.js'
import { type CopyRow, findLastCheck, insertCopyRow, listCopyRows } from '../register/off-site-copies.js'
import { listSites } from '../register/sites.js'
import { listTrash } from '../register/trash.js'
import type { By, SitesContext } from './context.js'
import { createSite } from './create-site.js'

/** Which copy: of which site's backups, and the backup's id. */
export interface CopyRef {
  key: string
  id: string
}

/** How the copies of a site's backups stand. */
export async function presentCopies(
  { offSite, register }: Pick<SitesContext, 'offSite' | 'register'>,
  uuid: string,
): Promise<{ offSite?: Record<string, OffSiteState>; elsewhere: { id: string; createdAt: string }[] }> {
  if (!offSite) return { elsewhere: [] }
  const rows = (await listCopyRows(register.db, uuid)).filter(({ leaving }) => leaving === 0)
  const copied = rows.filter(({ copied_at }) => copied_at !== null)
  return {
    offSite: Object.fromEntries(rows.map((row) => [row.backup, toState(row)])),
    elsewhere: copied.map(({ backup, created_at }) => ({ id: backup, createdAt: created_at })),
  }
}

/** How one copy stands. */
export function toState({ copied_at, reason, next_at }: CopyRow): OffSiteState {
  return {
    ...(copied_at !== null && { copiedAt: copied_at }),
    ...(reason !== null && { reason }),
    ...(next_at !== null && { nextAt: next_at }),
  }
}

/** What the repository itself has: it knows sites that this platform has never seen. */
export async function listOffSite(context: SitesContext): Promise<{ copies: ListedCopy[]; check?: OffSiteCheck }> {
  const [copies, check, here] = await Promise.all([
    getOffSite(context).list(),
    findLastCheck(context.register.db),
    listHere(context),
  ])
  const listed = copies.map((copy) => ({ ...copy, ...(here && { isHere: here.has(`${copy.key} ${copy.id}`) }) }))
  return { copies: listed, ...(check && { check }) }
}

/** Which backups are here; undefined: nobody could say, which hides nothing of what is elsewhere. */
async function listHere({ engine }: SitesContext): Promise<Set<string> | undefined> {
  const sites = await engine.surveyBackups().catch(undefinedWhenRefused)
  return sites && new Set(sites.flatMap(({ key, ids }) => ids.map((id) => `${key} ${id}`)))
}

function undefinedWhenRefused(error: unknown): undefined {
  if (!(error instanceof AppError)) throw error
}

/** AppError `not_found`. */
export async function getCopy(context: SitesContext, { key, id }: CopyRef): Promise<OffSiteCopy> {
  const found = (await getOffSite(context).list()).find((copy) => copy.key === key && copy.id === id)
  if (found) return found
  throw new AppError('not_found', 'There is no copy of that backup in the repository.')
}

/** Brings the archive of a copy back to where backups are. It is checked whole before it is listed; nothing of it is kept on the way. */
export async function fetchCopy(context: SitesContext, ref: CopyRef, subject: string, by: By): Promise<Operation> {
  const { operation } = await context.operations.begin({
    kind: 'site.fetch',
    subject,
    by,
    prepare: () => getCopy(context, ref),
    async run(work, { snapshot, createdAt, proven }) {
      work.note({ step: 'fetch' })
      const backups = context.engine.backups(ref.key)
      await getOffSite(context).read(snapshot, async (archive) => {
        await backups.put(ref.id, archive, { actor: by, signal: work.signal })
      })
      // What came from there need not be taken there again.
      await insertCopyRow(context.register.db, {
        ...{ site_uuid: ref.key, backup: ref.id, created_at: createdAt, proven: proven ? 1 : 0, snapshot },
        ...{ copied_at: context.now().toISOString(), attempts: 0, reason: null, next_at: null, leaving: 0 },
      })
    },
  })
  return operation
}

/** Makes a site of a copy that was fetched: with the identity that it had when nobody has that now, as a new one otherwise. */
export async function restoreCopy(
  context: SitesContext,
  { key, id }: CopyRef,
  { name, owner }: { name: string; owner: string },
  by: By,
): Promise<Operation> {
  const backup = (await context.engine.backups(key).list()).find((one) => one.id === id)
  if (!backup) throw new AppError('not_found', 'That backup is not here.', { hint: 'It must be fetched first.' })
  const known = [...(await listSites(context.register.db)), ...(await listTrash(context.register.db))]
  const isItself = !known.some(({ uuid }) => uuid === key)
  const { stack, limits } = backup
  const origin = { kind: 'backup', uuid: key, backup: id, isItself } as const
  return (await createSite(context, { name, owner, stack, limits, domains: [], start: true, origin }, by)).operation
}

function getOffSite({ offSite }: Pick<SitesContext, 'offSite'>): OffSite {
  if (offSite) return offSite
  throw new AppError('conflict', 'No repository for copies of backups is configured.', {
    hint: 'The administrator’s guide says how: [backup] in /etc/ruche/ruche.toml.',
  })
}
