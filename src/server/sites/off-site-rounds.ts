import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import type { Backup } from '../../model/backup.js'
import { AppError } from '../../model/errors.js'
import type { OffSite } from '../off-site/repository.js'
import { readBackupPlan } from '../register/backup-plans.js'
import {
  type CopyRow,
  deleteCopyRow,
  findLastCheck,
  insertCopyRow,
  keepCheck,
  listCopyRows,
  updateCopyRow,
} from '../register/off-site-copies.js'
import { listSites, type SiteRecord } from '../register/sites.js'
import type { SitesContext } from './context.js'
import { planRetention } from './plan-retention.js'

const MINUTE_MS = 60_000
const FIRST_WAIT_MS = 2 * MINUTE_MS
const LONGEST_WAIT_MS = 6 * 60 * MINUTE_MS
/** A backup that nobody has tried out by then is copied all the same. */
const UNTRIED_MS = 60 * MINUTE_MS
const CHECK_EVERY_MS = 7 * 24 * 60 * MINUTE_MS

/** One look at what must go to the repository elsewhere, what need not be there any more, and whether it can still be read. */
export async function runOffSiteRound(context: SitesContext): Promise<void> {
  const { offSite, register } = context
  if (!offSite) return
  for (const site of await listSites(register.db)) {
    if (site.lifecycle !== 'ready') continue
    await noteBackups(context, site)
    if (!(await copyDue(context, offSite, site))) return
    await leaveOld(context, site)
  }
  await forgetLeaving(context, offSite)
  await checkNowAndThen(context, offSite)
}

/** Pure: how long to wait after so many failures of one thing. */
export const planWait = (attempts: number): number => Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempts - 1))

/** Pure: whether a backup is as it will stay: tried out, or nobody does. */
export function isReadyToLeave({ createdAt, proof }: Pick<Backup, 'createdAt' | 'proof'>, now: Date): boolean {
  return proof !== undefined || now.getTime() - Date.parse(createdAt) > UNTRIED_MS
}

async function noteBackups({ engine, register, now }: SitesContext, { uuid }: SiteRecord): Promise<void> {
  const known = new Set((await listCopyRows(register.db, uuid)).map(({ backup }) => backup))
  for (const backup of await engine.backups(uuid).list()) {
    if (known.has(backup.id) || !isReadyToLeave(backup, now())) continue
    await insertCopyRow(register.db, {
      ...{ site_uuid: uuid, backup: backup.id, created_at: backup.createdAt, proven: backup.proof?.proven ? 1 : 0 },
      ...{ copied_at: null, snapshot: null, attempts: 0, reason: null, next_at: null, leaving: 0 },
    })
  }
}

/** False when the repository cannot be reached: then nobody else's can be copied now. */
async function copyDue(context: SitesContext, offSite: OffSite, site: SiteRecord): Promise<boolean> {
  const { register, engine, now } = context
  const rows = await listCopyRows(register.db, site.uuid)
  const backups = await engine.backups(site.uuid).list()
  for (const row of rows) {
    const isDue =
      row.copied_at === null && row.leaving === 0 && (row.next_at === null || new Date(row.next_at) <= now())
    if (!isDue) continue
    const backup = backups.find(({ id }) => id === row.backup)
    if (!backup) await deleteCopyRow(register.db, row)
    else if (!(await copyOne(context, offSite, site, backup, row))) return false
  }
  return true
}

async function copyOne(
  { register, engine, now, log }: SitesContext,
  offSite: OffSite,
  { uuid, name }: SiteRecord,
  { id, createdAt, sizeBytes, proof }: Backup,
  row: CopyRow,
): Promise<boolean> {
  const archive = new PassThrough()
  const take = async (chunk: Uint8Array): Promise<void> => {
    if (archive.destroyed) throw new AppError('host_failed', 'The copy ended before the backup.')
    if (!archive.write(chunk)) await Promise.race([once(archive, 'drain'), once(archive, 'close')])
  }
  const reading = engine.backups(uuid).read(id, take, { actor: 'system' })
  reading.then(
    () => archive.end(),
    (error: Error) => archive.destroy(error),
  )
  try {
    const copied = { id, key: uuid, site: name, createdAt, sizeBytes, proven: proof?.proven ?? false }
    const snapshot = await offSite.copy(copied, archive)
    const done = { copied_at: now().toISOString(), snapshot, attempts: 0, reason: null, next_at: null }
    await updateCopyRow(register.db, row, done)
    return true
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    log.warn({ site: name, backup: id, err: error.cause ?? error }, 'a backup could not be copied elsewhere')
    const attempts = row.attempts + 1
    const next_at = new Date(now().getTime() + planWait(attempts)).toISOString()
    await updateCopyRow(register.db, row, { attempts, reason: error.message.slice(0, 500), next_at })
    return false
  } finally {
    archive.destroy()
    await reading.catch(() => undefined)
  }
}

/** What the site's plan does not keep any more, of the copies that are there. */
async function leaveOld({ register, now }: SitesContext, { uuid }: SiteRecord): Promise<void> {
  const rows = (await listCopyRows(register.db, uuid)).filter((row) => row.copied_at !== null && row.leaving === 0)
  const keepable = rows.map((row) => ({
    ...{ id: row.backup, createdAt: row.created_at, proof: { proven: row.proven === 1 }, row },
  }))
  const plan = await readBackupPlan(register.db, uuid)
  for (const { row } of planRetention(keepable, plan, now())) await updateCopyRow(register.db, row, { leaving: 1 })
}

async function forgetLeaving({ register, log }: SitesContext, offSite: OffSite): Promise<void> {
  const rows = (await listCopyRows(register.db)).filter(({ leaving }) => leaving === 1)
  if (rows.length === 0) return
  try {
    await offSite.forget(rows.flatMap(({ snapshot }) => (snapshot === null ? [] : [snapshot])))
    for (const row of rows) await deleteCopyRow(register.db, row)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    log.warn({ err: error.cause ?? error }, 'copies of backups elsewhere could not be deleted')
  }
}

async function checkNowAndThen(context: SitesContext, offSite: OffSite): Promise<void> {
  const { register, now } = context
  if (!(await listCopyRows(register.db)).some(({ copied_at }) => copied_at !== null)) return
  const last = await findLastCheck(register.db)
  if (last && now().getTime() - Date.parse(last.at) < CHECK_EVERY_MS) return
  const outcome = await offSite.check().then(
    () => ({}),
    (error: unknown) => {
      if (!(error instanceof AppError)) throw error
      context.log.error({ err: error.cause ?? error }, 'copies of backups elsewhere could not be read back')
      return { reason: error.message.slice(0, 500) }
    },
  )
  await register.change((queries) => keepCheck(queries, { at: now().toISOString(), ...outcome }))
}
