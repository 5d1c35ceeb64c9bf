import * as z from 'zod'
import { Limits } from './limits.js'
import { Digest, Id, SiteName } from './names.js'
import { Stack } from './stack.js'

/** Whose backups: a site's own id, which no later site of that name has. */
export const BackupKey = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'not the id of a site')

/** One part of an archive as it lies there, compressed. */
export const BackupPart = z
  .object({ bytes: z.int().min(0), sha256: Digest })
  .strict()
  .meta({ id: 'BackupPart' })

/** `manifest.json` of an archive: see docs/reference/backup-format.md. */
export const BackupManifest = z
  .object({
    format: z.literal(1),
    id: Id,
    site: SiteName,
    createdAt: z.iso.datetime(),
    stack: Stack,
    /** Debian's code name of the template. */
    suite: z.string().max(40),
    limits: Limits,
    domains: z.array(z.string().max(253)).max(100),
    /** How long the site was held still. */
    frozenMs: z.int().min(0),
    /** What the site answered to GET / then; absent when it did not run. */
    pageStatus: z.int().min(100).max(999).optional(),
    files: BackupPart,
    /** Absent: the stack has none, or its database is one of the files. */
    database: BackupPart.optional(),
  })
  .strict()
export type BackupManifest = z.infer<typeof BackupManifest>

/** What became of restoring a backup into a sealed throw-away container. */
export const BackupProof = z
  .object({
    proven: z.boolean(),
    at: z.string(),
    durationMs: z.number(),
    /** What the restored site answered to GET /. */
    pageStatus: z.number().optional(),
    /** In words, when it is not proven. */
    reason: z.string().max(500).optional(),
  })
  .meta({ id: 'BackupProof' })
export type BackupProof = z.infer<typeof BackupProof>

/** A finished backup. */
export const Backup = z
  .object({
    id: Id,
    createdAt: z.string(),
    sizeBytes: z.number(),
    stack: Stack,
    limits: Limits,
    hasDatabase: z.boolean(),
    frozenMs: z.number(),
    /** Absent: nobody has tried yet. */
    proof: BackupProof.optional(),
  })
  .meta({ id: 'Backup' })
export type Backup = z.infer<typeof Backup>

/** What lies there of one site's backups, without a look into each. */
export const BackupSurvey = z
  .object({
    key: BackupKey,
    ids: z.array(Id),
    /** Of all of them together. */
    sizeBytes: z.number(),
    newest: Backup.pick({ id: true, createdAt: true, sizeBytes: true, proof: true }).optional(),
    /** When the newest one that is proven was made. */
    provenAt: z.string().optional(),
  })
  .meta({ id: 'BackupSurvey' })
export type BackupSurvey = z.infer<typeof BackupSurvey>

/** Name of a table that can be put back alone. */
export const TableName = z.string().regex(/^[A-Za-z0-9_]{1,64}$/, 'not the name of a table')

/** How a site is backed up by itself, and what is kept of it: the newest of each of the last days, and of each of the last weeks. */
export const BackupPlan = z
  .object({
    daily: z.boolean(),
    keepDaily: z.int().min(1).max(31),
    keepWeekly: z.int().min(0).max(52),
  })
  .strict()
  .meta({ id: 'BackupPlan' })
export type BackupPlan = z.infer<typeof BackupPlan>
export const DEFAULT_BACKUP_PLAN: BackupPlan = { daily: true, keepDaily: 7, keepWeekly: 4 }

/** A deleted site that can still be brought back. */
export const TrashedSite = z
  .object({
    id: z.string(),
    name: z.string(),
    owner: z.string(),
    stack: Stack,
    deletedAt: z.string(),
    goneAt: z.string(),
  })
  .meta({ id: 'TrashedSite' })
export type TrashedSite = z.infer<typeof TrashedSite>
/** How long a deleted site is kept. */
export const TRASH_DAYS = 7

/** Media type of an archive: it is a tar. */
export const ARCHIVE_TYPE = 'application/x-tar'
