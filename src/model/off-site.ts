import * as z from 'zod'
import { BackupKey } from './backup.js'
import { Id, SiteName } from './names.js'

/** `[backup]` of the configuration, of which any of it needs all: where copies of backups go, and with which secrets. */
export const OffSitePlace = z.object({
  user: z.string(),
  host: z.string(),
  port: z.int(),
  /** Folder of the repository there. */
  folder: z.string(),
})
export type OffSitePlace = z.infer<typeof OffSitePlace>

/** Pure: `sftp://user@host:port/folder`, undefined when it is not that. Nothing in it can be an option, or more than one word. */
export function parseRepository(text: string): OffSitePlace | undefined {
  const parts =
    /^sftp:\/\/([a-z_][a-z0-9_.-]*)@(\[[0-9a-f:]+\]|[A-Za-z0-9][A-Za-z0-9.-]*)(?::(\d{1,5}))?((?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)+)$/.exec(
      text,
    )
  if (!parts) return undefined
  const [, user = '', host = '', port = '22', folder = ''] = parts
  return { user, host: host.replace(/^\[|\]$/g, ''), port: Number(port), folder }
}

/** A copy in the repository, as that says. */
export const OffSiteCopy = z
  .object({
    /** The backup's. */
    id: Id,
    key: BackupKey,
    site: SiteName,
    createdAt: z.string(),
    /** Whether the backup was proven when it was copied. */
    proven: z.boolean(),
    /** What the repository calls it. */
    snapshot: z.string(),
  })
  .meta({ id: 'OffSiteCopy' })
export type OffSiteCopy = z.infer<typeof OffSiteCopy>

/** The same, and whether the backup is here too; absent: nobody could say. */
export const ListedCopy = OffSiteCopy.extend({ isHere: z.boolean().optional() }).meta({ id: 'ListedCopy' })
export type ListedCopy = z.infer<typeof ListedCopy>

/** How the copy of one backup stands. */
export const OffSiteState = z
  .object({
    copiedAt: z.string().optional(),
    /** Why the last try failed; absent: it did not. */
    reason: z.string().max(500).optional(),
    /** When it is tried again. */
    nextAt: z.string().optional(),
  })
  .meta({ id: 'OffSiteState' })
export type OffSiteState = z.infer<typeof OffSiteState>

/** The last time a part of what lies in the repository was read back and compared. */
export const OffSiteCheck = z.object({ at: z.string(), reason: z.string().max(500).optional() })
export type OffSiteCheck = z.infer<typeof OffSiteCheck>
