import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import { AppError } from '../../model/errors.js'
import type { FileEntry } from '../../model/files.js'
import type { Requester } from '../access/requester.js'
import type { Dependencies } from '../dependencies.js'
import { chooseRange, type Part } from './range.js'
import type { RouteTable } from './route-table.js'
import { streamOut } from './stream-out.js'
import { watchRight } from './watch-right.js'

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
      const abort = abortWith(dependencies, who, site.name)
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
      const abort = abortWith(dependencies, who, site.name)
      const body = request.body as Readable | undefined
      if (typeof body?.pipe !== 'function') throw new AppError('invalid', 'The file itself is missing.')
      const id = upload ?? randomBytes(8).toString('hex')
      const plan = { id, offset, sizeBytes, version, replace, keep: upload !== undefined }
      try {
        const content = exactly(body, sizeBytes - offset)
        return await engine.files(site.name, who.login).upload(path, plan, content, abort.signal)
      } finally {
        abort.abort()
        // Whoever is still sending is told what is wrong before the connection ends.
        body.resume()
      }
    },
    async findUpload({ query: { path, upload, replace = false } }, { who, site }) {
      const receivedBytes = await engine.files(site.name, who.login).findUploadedBytes(path, { id: upload, replace })
      return { receivedBytes }
    },
  }
}

/** Aborts when the right to be there has ended; aborted by its user, it no longer looks. */
function abortWith(dependencies: Dependencies, who: Requester, site: string): AbortController {
  const abort = new AbortController()
  const unwatch = watchRight(dependencies, who, { site, right: 'edit' }, () => abort.abort(rightOver()))
  abort.signal.addEventListener('abort', unwatch)
  return abort
}

const rightOver = () => new AppError('unauthenticated', 'The session or the right to this site has ended.')

/** The bytes of a body, as many as were announced. */
async function* exactly(body: Readable, lengthBytes: number): AsyncGenerator<Uint8Array> {
  let left = lengthBytes
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      left -= chunk.length
      if (left < 0) break
      yield chunk
    }
  } catch (cause) {
    throw new AppError('invalid', 'The upload broke off.', { cause })
  }
  if (left !== 0) throw new AppError('invalid', 'The file is not as long as was announced.')
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

/** RFC 6266: any name, and one for those who only read letters. */
function attachment(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9._-]/g, '_')
  const encode = (sign: string) => `%${sign.charCodeAt(0).toString(16)}`
  const encoded = encodeURIComponent(Buffer.from(name).toString()).replace(/['()*]/g, encode)
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
