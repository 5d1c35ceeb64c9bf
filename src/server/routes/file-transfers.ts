import { randomBytes } from 'node:crypto'
import { AppError } from '../../model/errors.js'
import type { FileEntry } from '../../model/files.js'
import type { Dependencies } from '../dependencies.js'
import { chooseRange, type Part } from './range.js'
import type { RouteTable } from './route-table.js'
import { streamOut } from './stream-out.js'
import { abortWithRight, attachment, takeBody } from './transfers.js'

/** What a page may show as a picture. Anything else is only ever kept as a file: it is not ours, and the panel's address is. */
const PICTURES: Record<string, string> = {
  avif: 'image/avif',
  gif: 'image/gif',
  ico: 'image/x-icon',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  png: 'image/png',
  svg: 'image/svg+xml',
  webp: 'image/webp',
}

/** Streams in and out of a site's files. */
export function fileTransferRoutes(
  dependencies: Dependencies,
): Pick<RouteTable, 'downloadFile' | 'uploadFile' | 'findUpload'> {
  const { engine } = dependencies
  return {
    async downloadFile({ query: { path, as } }, { who, site, request, reply }) {
      const files = engine.files(site.name, who.login)
      const abort = abortWithRight(dependencies, who, site.name)
      reply.header('content-security-policy', "default-src 'none'; sandbox").header('x-accel-buffering', 'no')
      if (as) {
        reply.header('content-type', as === 'zip' ? 'application/zip' : 'application/x-tar')
        reply.header('content-disposition', attachment(`${nameOf(path, site.name)}.${as}`))
        return streamOut((out) => files.pack(path, as, out), abort)
      }
      const entry = await files.stat(path)
      if (entry.type !== 'file') throw new AppError('invalid', 'Only files can be downloaded as they are.')
      const etag = `"${entry.sizeBytes.toString(16)}-${Date.parse(entry.modifiedAt).toString(16)}"`
      const part = chooseRange(request.headers, { sizeBytes: entry.sizeBytes, etag })
      reply.headers({ ...fileHeaders(path, entry, part), etag }).code(part.isWhole ? 200 : 206)
      return streamOut((out) => files.download(path, part, out), abort, part.lengthBytes)
    },
    async uploadFile({ query }, { who, site, request }) {
      const { path, sizeBytes, offset = 0, replace = false, version = null, upload } = query
      const abort = abortWithRight(dependencies, who, site.name)
      const id = upload ?? randomBytes(8).toString('hex')
      const plan = { id, offset, sizeBytes, version, replace, keep: upload !== undefined }
      return takeBody(request, sizeBytes - offset, abort, (content) =>
        engine.files(site.name, who.login).upload(path, plan, content, abort.signal),
      )
    },
    async findUpload({ query: { path, upload, replace = false } }, { who, site }) {
      const receivedBytes = await engine.files(site.name, who.login).findUploadedBytes(path, { id: upload, replace })
      return { receivedBytes }
    },
  }
}

function fileHeaders(path: string, entry: FileEntry, { offset, lengthBytes, isWhole }: Part): Record<string, string> {
  const extension = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''
  return {
    'accept-ranges': 'bytes',
    'content-type': PICTURES[extension] ?? 'application/octet-stream',
    'content-length': String(lengthBytes),
    'content-disposition': attachment(nameOf(path, 'file')),
    'last-modified': new Date(entry.modifiedAt).toUTCString(),
    ...(!isWhole && { 'content-range': `bytes ${offset}-${offset + lengthBytes - 1}/${entry.sizeBytes}` }),
  }
}

function nameOf(path: string, home: string): string {
  return path.slice(path.lastIndexOf('/') + 1) || home
}
