import * as z from 'zod'
import { Backup, BackupKey, BackupSurvey, TableName } from './backup.js'
import { ContainerSpec, ContainerStatus } from './container.js'
import { SitePath } from './files.js'
import { ContainerId, Id } from './names.js'

const nothing = z.object({}).strict()
const ref = { key: BackupKey, backup: Id }
const at = z.object({ id: ContainerId, ...ref }).strict()

/**
 * Backups at the agent. `key` is the id of the site whose backups they are, `backup` one of them. No call names a file of the machine; an archive
 * passes by as a stream, and everything in it that is not ours is looked at inside confined throw-away namespaces only.
 */
export const backupCalls = {
  /** Files and database of a container as they are at one moment, held still for at most 2 s. Listed once it is whole and on the disk; the same id again: no change. */
  'backup.create': { params: at, result: Backup },
  /** Newest first; none when there never was one. */
  'backup.list': { params: z.object({ key: BackupKey }).strict(), result: z.object({ backups: z.array(Backup) }) },
  /** How it stands with the backups of every site that ever had one. */
  'backup.survey': { params: nothing, result: z.object({ sites: z.array(BackupSurvey) }) },
  /** Restores it into a sealed throw-away container, checks the database, fetches the first page; the outcome is in the answer. */
  'backup.prove': { params: at, result: Backup },
  /** Absent already: no change. */
  'backup.remove': { params: z.object(ref).strict(), result: nothing },
  /** In place of what the container holds. `invalid` when it is damaged: then nothing was touched. Should the site not come up with it, the old state is back. */
  'backup.restore': { params: at, result: ContainerStatus },
  /** As container.create, with a backup's files and database. */
  'backup.restoreAs': { params: z.object({ ...ref, spec: ContainerSpec }).strict(), result: ContainerStatus },
  /** One file, or a folder with all that is in it, where it was. */
  'backup.restoreFile': {
    params: z.object({ id: ContainerId, ...ref, path: SitePath }).strict(),
    result: nothing,
  },
  /** One table of the running container's database. */
  'backup.restoreTable': {
    params: z.object({ id: ContainerId, ...ref, table: TableName }).strict(),
    result: nothing,
  },
  /** Paths of what is in it, below the home. */
  'backup.files': { params: at, result: z.object({ paths: z.array(z.string()), truncated: z.boolean() }) },
  /** The archive, as `stdout` lines. */
  'backup.read': { params: z.object(ref).strict(), result: z.object({ sizeBytes: z.number() }) },
  /** Takes an archive in, from `stdin` lines up to `eof`: it is listed once all of it was checked. `invalid` when it is none of ours, or damaged. */
  'backup.put': { params: z.object(ref).strict(), result: Backup },
} as const

export type BackupCallName = keyof typeof backupCalls
