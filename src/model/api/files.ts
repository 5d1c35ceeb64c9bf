import * as z from 'zod'
import { FileContent, FileEntry, SitePath } from '../files.js'
import { nothing, ofSite, table } from './entry.js'

const path = z.object({ path: SitePath })
const base = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .nullable()

/** Files of a site. */
export const filesApi = table({
  /** One folder; at most 10,000 entries. */
  listFiles: {
    method: 'GET',
    path: '/api/sites/:name/files',
    access: 'site.edit',
    params: ofSite,
    query: path,
    result: z.object({ entries: z.array(FileEntry), truncated: z.boolean() }),
  },
  /** One file for the editor. */
  readFile: {
    method: 'GET',
    path: '/api/sites/:name/file',
    access: 'site.edit',
    params: ofSite,
    query: path,
    result: FileContent,
  },
  /** `base`: version that was opened, null for a new file. `conflict` when the file is another by now. */
  saveFile: {
    method: 'PUT',
    path: '/api/sites/:name/file',
    access: 'site.edit',
    params: ofSite,
    query: path,
    body: z.object({ base, content: z.base64() }).strict(),
    result: z.object({ version: z.string() }),
  },
  /** A file, or a folder with all that is in it. */
  removeFile: {
    method: 'DELETE',
    path: '/api/sites/:name/file',
    access: 'site.edit',
    params: ofSite,
    query: path,
    result: nothing,
  },
  /** A new folder. */
  makeFolder: {
    method: 'POST',
    path: '/api/sites/:name/folders',
    access: 'site.edit',
    params: ofSite,
    query: path,
    result: nothing,
  },
  /** Moves within the site; refused when the new name is taken. */
  renameFile: {
    method: 'POST',
    path: '/api/sites/:name/rename',
    access: 'site.edit',
    params: ofSite,
    body: z.object({ from: SitePath, to: SitePath }).strict(),
    result: nothing,
  },
})
