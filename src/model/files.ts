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

/** Largest file that the editor opens or saves, in bytes. */
export const EDITOR_MAX_BYTES = 2 * 1024 * 1024

/** A text file's content with the version that a later save must name. `text` absent: binary or too large to edit. */
export const FileContent = z
  .object({ path: SitePath, sizeBytes: z.number(), version: z.string(), text: z.string().optional() })
  .meta({ id: 'FileContent' })
export type FileContent = z.infer<typeof FileContent>
