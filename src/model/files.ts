import * as z from 'zod'
import { PlainText } from './names.js'

/** Path below the site's home (`/home/site`): relative, `/` between parts, no empty, `.` or `..` part; '' is the home itself. */
export const SitePath = PlainText.max(4096).refine(
  (path) => path === '' || path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
  'not a path',
)
export type SitePath = z.infer<typeof SitePath>

/** One entry of a folder, as the site's own user sees it. `version` of a file: SHA-256 of its content, 64 hex digits. */
export const FileEntry = z
  .object({
    name: z.string(),
    type: z.enum(['file', 'folder', 'link', 'other']),
    sizeBytes: z.number(),
    modifiedAt: z.string(),
    mode: z.number(),
    linkTarget: z.string().optional(),
  })
  .meta({ id: 'FileEntry' })
export type FileEntry = z.infer<typeof FileEntry>

/** Permission bits of a file: read, write and run for its owner, its group and others. */
export const FileMode = z.int().min(0).max(0o777)

/** Version of a content: SHA-256, 64 hex digits. */
export const FileVersion = z.string().regex(/^[0-9a-f]{64}$/)

/** Name of an upload that can be taken up again, chosen by whoever sends it. */
export const UploadId = z.string().regex(/^[0-9a-f]{16}$/)

export const ARCHIVE_FORMATS = ['zip', 'tar'] as const
export type ArchiveFormat = (typeof ARCHIVE_FORMATS)[number]

/** What an archive would lay in a folder; `exists`: there is something of that name already. */
export const ArchiveEntry = z
  .object({
    path: z.string(),
    type: z.enum(['file', 'folder', 'link', 'other']),
    sizeBytes: z.number(),
    exists: z.boolean(),
  })
  .meta({ id: 'ArchiveEntry' })
export type ArchiveEntry = z.infer<typeof ArchiveEntry>

/** What a search finds: a name, or with `line` a place in a file and the beginning of what is written there. */
export const FoundFile = z
  .object({
    path: z.string(),
    type: z.enum(['file', 'folder', 'link', 'other']),
    line: z.int().min(1).optional(),
    text: z.string().optional(),
  })
  .meta({ id: 'FoundFile' })
export type FoundFile = z.infer<typeof FoundFile>

/** Longest text that is searched for. */
export const SearchText = PlainText.min(1).max(200)

/** Largest file that can be uploaded, in bytes; the site's disk is the limit that counts. */
export const UPLOAD_MAX_BYTES = 1024 ** 4

/** Largest file that the editor opens or saves, in bytes. */
export const EDITOR_MAX_BYTES = 2 * 1024 * 1024

/** A text file's content with the version that a later save must name. `text` absent: binary or too large to edit. */
export const FileContent = z
  .object({ path: SitePath, sizeBytes: z.number(), version: z.string(), text: z.string().optional() })
  .meta({ id: 'FileContent' })
export type FileContent = z.infer<typeof FileContent>
