import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { AppError } from '../../model/errors.js'
import type { Requester } from '../access/requester.js'
import type { Dependencies } from '../dependencies.js'
import { watchRight } from './watch-right.js'

/** Aborts when the right to be there has ended; aborted by its user, it no longer looks. */
export function abortWithRight(dependencies: Dependencies, who: Requester, site: string): AbortController {
  const abort = new AbortController()
  const unwatch = watchRight(dependencies, who, { site, right: 'edit' }, () => abort.abort(rightOver()))
  abort.signal.addEventListener('abort', unwatch)
  return abort
}

const rightOver = () => new AppError('unauthenticated', 'The session or the right to this site has ended.')

/** Gives a request's body, as many bytes as were announced, to `use`, and aborts when that has ended. */
export async function takeBody<T>(
  request: FastifyRequest,
  lengthBytes: number,
  abort: AbortController,
  use: (content: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  const body = request.body as Readable | undefined
  try {
    if (typeof body?.pipe !== 'function') throw new AppError('invalid', 'The file itself is missing.')
    return await use(exactly(body, lengthBytes))
  } finally {
    abort.abort()
    // Whoever is still sending is told what is wrong before the connection ends.
    body?.resume?.()
  }
}

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

/** RFC 6266: any name, and one for those who only read letters. */
export function attachment(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9._-]/g, '_')
  const encode = (sign: string) => `%${sign.charCodeAt(0).toString(16)}`
  const encoded = encodeURIComponent(Buffer.from(name).toString()).replace(/['()*]/g, encode)
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
