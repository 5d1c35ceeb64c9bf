import * as z from 'zod'
import {
  ARCHIVE_FORMATS,
  ArchiveEntry,
  FileContent,
  FileEntry,
  FileMode,
  FileVersion,
  FoundFile,
  SearchText,
  SitePath,
  UPLOAD_MAX_BYTES,
  UploadId,
} from '../files.js'
import { nothing, ofSite, Started, table } from './entry.js'

const path = z.object({ path: SitePath })
const base = FileVersion.nullable()
const bytes = z.coerce.number().int().min(0).max(UPLOAD_MAX_BYTES)
const flag = z.enum(['true', 'false']).transform((text) => text === 'true')
const upload = path.extend({ replace: flag.optional() })

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
  /** A file, or a folder with all that is in it; refused when the new name is taken. */
  copyFile: {
    method: 'POST',
    path: '/api/sites/:name/copy',
    access: 'site.edit',
    params: ofSite,
    body: z.object({ from: SitePath, to: SitePath }).strict(),
    result: nothing,
  },
  /** Who may read, write and run it: permission bits, 0 to 511 (octal 777). */
  setFileMode: {
    method: 'PUT',
    path: '/api/sites/:name/mode',
    access: 'site.edit',
    params: ofSite,
    query: path,
    body: z.object({ mode: FileMode }).strict(),
    result: nothing,
  },
  /** Streams a file's bytes (`Range` of one part, `ETag`), or with `as` it or a folder as an archive that is made meanwhile. */
  downloadFile: {
    method: 'GET',
    path: '/api/sites/:name/download',
    access: 'site.edit',
    params: ofSite,
    query: path.extend({ as: z.enum(ARCHIVE_FORMATS).optional() }),
    result: z.any(),
  },
  /**
   * A file of any size: the body is its bytes (`application/octet-stream`), `sizeBytes` how many there are in all. It appears when all of it is there and
   * is what `version` says; folders that are missing are made. With `upload`, a name of 16 hex digits, what has come stays when it breaks off, and a later
   * request goes on from `offset` (findUpload). `conflict` when there is something and `replace` is not said.
   */
  uploadFile: {
    method: 'PUT',
    path: '/api/sites/:name/upload',
    access: 'site.edit',
    params: ofSite,
    query: upload.extend({
      sizeBytes: bytes,
      offset: bytes.optional(),
      upload: UploadId.optional(),
      version: FileVersion.optional(),
    }),
    result: z.object({ version: z.string() }),
  },
  /** How much of an upload is there; `conflict` already when there is something and `replace` is not said. */
  findUpload: {
    method: 'GET',
    path: '/api/sites/:name/upload',
    access: 'site.edit',
    params: ofSite,
    query: upload.extend({ upload: UploadId }),
    result: z.object({ receivedBytes: z.number() }),
  },
  /** What an archive of the site would lay in the folder `into`; at most 10,000 entries. */
  peekArchive: {
    method: 'GET',
    path: '/api/sites/:name/unpack',
    access: 'site.edit',
    params: ofSite,
    query: path.extend({ into: SitePath }),
    result: z.object({ entries: z.array(ArchiveEntry), truncated: z.boolean() }),
  },
  /** Lays what is in a zip or tar archive of the site into a folder: all of it or, when something is wrong, nothing. `replace`: also over what is there. */
  unpackArchive: {
    method: 'POST',
    path: '/api/sites/:name/unpack',
    access: 'site.edit',
    params: ofSite,
    body: z.object({ path: SitePath, into: SitePath, replace: z.boolean() }).strict(),
    result: Started,
  },
  /** Names below a folder that contain a text, or places in text files; at most 500, upper and lower case are one. */
  searchFiles: {
    method: 'GET',
    path: '/api/sites/:name/search',
    access: 'site.edit',
    params: ofSite,
    query: path.extend({ text: SearchText, where: z.enum(['names', 'contents']) }),
    result: z.object({ found: z.array(FoundFile), truncated: z.boolean() }),
  },
})
