import * as z from 'zod'
import { Backup, BackupKey, BackupPlan, BackupSurvey, TableName, TrashedSite } from '../backup.js'
import { SitePath } from '../files.js'
import { Limits } from '../limits.js'
import { Id, Login, SiteName } from '../names.js'
import { OffSiteState } from '../off-site.js'
import { nothing, ofSite, Started, table } from './entry.js'

const ofBackup = ofSite.extend({ id: Id })
const ofTrashed = z.object({ id: BackupKey })

/** A new site out of another one's data. */
const NewCopy = z
  .object({
    name: SiteName,
    limits: Limits.partial().optional(),
    /** Another owner; administrators only. */
    owner: Login.optional(),
    start: z.boolean().optional(),
  })
  .strict()

/** How it stands with the backups of one site. */
const ListedBackups = BackupSurvey.pick({ sizeBytes: true, newest: true, provenAt: true })
  .extend({
    site: SiteName,
    owner: z.string(),
    siteCreatedAt: z.string(),
    count: z.int(),
    daily: z.boolean(),
    /** When the next daily one is due. */
    nextAt: z.string().optional(),
    /** How the copy of the newest one elsewhere stands; absent where there is none to be made. */
    offSite: OffSiteState.optional(),
  })
  .meta({ id: 'ListedBackups' })
export type ListedBackups = z.infer<typeof ListedBackups>

/** Backups, copies, the trash, and handing over. */
export const backupsApi = table({
  /** A site's backups, newest first, how they are made, and how the copy of each elsewhere stands; some may be only there by now. */
  listBackups: {
    method: 'GET',
    path: '/api/sites/:name/backups',
    access: 'site.edit',
    params: ofSite,
    result: z.object({
      backups: z.array(Backup),
      plan: BackupPlan,
      nextAt: z.string().optional(),
      /** By backup; absent where there is no repository elsewhere. */
      offSite: z.record(Id, OffSiteState).optional(),
      /** Backups that are only elsewhere, newest first. */
      elsewhere: z.array(z.object({ id: Id, createdAt: z.string() })),
    }),
  },
  /** How it stands with the backups of every site, and whether copies go elsewhere. */
  listAllBackups: {
    method: 'GET',
    path: '/api/platform/backups',
    access: 'administrator',
    result: z.object({ sites: z.array(ListedBackups), hasOffSite: z.boolean() }),
  },
  /** Backs the site up now, and proves it; the operation's id is the backup's. It shows nobody what is in it. */
  backUpSite: {
    method: 'POST',
    path: '/api/sites/:name/backups',
    access: 'site.power',
    params: ofSite,
    result: Started,
  },
  setBackupPlan: {
    method: 'PUT',
    path: '/api/sites/:name/backup-plan',
    access: 'site.manage',
    params: ofSite,
    body: BackupPlan,
    result: nothing,
  },
  /** Tries a backup out again. */
  proveBackup: {
    method: 'POST',
    path: '/api/sites/:name/backups/:id/prove',
    access: 'site.edit',
    params: ofBackup,
    result: Started,
  },
  removeBackup: {
    method: 'DELETE',
    path: '/api/sites/:name/backups/:id',
    access: 'site.delete',
    params: ofBackup,
    result: nothing,
  },
  /** In place of what the site holds; one file or one table of it when `path` or `table` is given. */
  restoreBackup: {
    method: 'POST',
    path: '/api/sites/:name/backups/:id/restore',
    access: 'site.edit',
    params: ofBackup,
    body: z.object({ path: SitePath.optional(), table: TableName.optional() }).strict(),
    result: Started,
  },
  /** As a new site. */
  restoreAsSite: {
    method: 'POST',
    path: '/api/sites/:name/backups/:id/copy',
    access: 'site.edit',
    params: ofBackup,
    body: NewCopy,
    result: Started,
  },
  /** Paths of what is in a backup. */
  backupFiles: {
    method: 'GET',
    path: '/api/sites/:name/backups/:id/files',
    access: 'site.edit',
    params: ofBackup,
    result: z.object({ paths: z.array(z.string()), truncated: z.boolean() }),
  },
  /** The archive itself, streamed: see the format of backups. */
  downloadBackup: {
    method: 'GET',
    path: '/api/sites/:name/backups/:id/archive',
    access: 'site.edit',
    params: ofBackup,
    result: z.unknown(),
  },
  /** A new site out of an archive that was made elsewhere: the body is the archive (`application/x-tar`). */
  restoreArchive: {
    method: 'POST',
    path: '/api/archives',
    access: 'person',
    query: z.object({ name: SiteName, owner: Login.optional() }),
    result: Started,
  },
  /** A copy of the site as it is at this moment, as a new site. */
  cloneSite: {
    method: 'POST',
    path: '/api/sites/:name/clone',
    access: 'site.edit',
    params: ofSite,
    body: NewCopy,
    result: Started,
  },
  /** Gives the site to somebody else, whose quota must allow it. Keys and the SFTP password of before no longer open it. */
  handOver: {
    method: 'PUT',
    path: '/api/sites/:name/owner',
    access: 'site.delete',
    params: ofSite,
    body: z.object({ owner: Login }).strict(),
    result: Started,
  },
  /** The person's deleted sites; with `all=true` everybody's (administrators). */
  listTrash: {
    method: 'GET',
    path: '/api/trash',
    access: 'person',
    query: z.object({ all: z.enum(['true', 'false']).optional() }),
    result: z.object({ sites: z.array(TrashedSite) }),
  },
  /** Brings a deleted site back, under its old name or another. */
  recoverSite: {
    method: 'POST',
    path: '/api/trash/:id/recover',
    access: 'person',
    params: ofTrashed,
    body: z.object({ name: SiteName.optional() }).strict(),
    result: Started,
  },
  /** Deletes it and its backups for good. */
  purgeSite: { method: 'DELETE', path: '/api/trash/:id', access: 'person', params: ofTrashed, result: nothing },
})
