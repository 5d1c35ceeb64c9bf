import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import type { StreamOut } from '../../engine/engine.js'
import { AppError } from '../../model/errors.js'

/**
 * A stream that `start` fills at the pace of whoever reads it. Resolves with the first byte or the end, so that what fails before is an answer and not half
 * of one; what fails later, or brings another number of bytes than `lengthBytes`, breaks the stream off.
 */
export async function streamOut(
  start: (out: StreamOut) => Promise<unknown>,
  abort: AbortController,
  lengthBytes?: number,
): Promise<PassThrough> {
  const stream = new PassThrough()
  let sentBytes = 0
  const begun = new Promise<void>((resolve, reject) => {
    const take = (chunk: Uint8Array): void | Promise<void> => {
      sentBytes += chunk.length
      resolve()
      if (stream.write(chunk)) return undefined
      return once(stream, 'drain').then(() => undefined)
    }
    start({ take, signal: abort.signal }).then(
      () => {
        if (lengthBytes === undefined || sentBytes === lengthBytes) stream.end()
        else stream.destroy(new AppError('conflict', 'The file changed while it was read.'))
        resolve()
      },
      (error: Error) => {
        reject(error)
        stream.destroy(error)
      },
    )
  })
  stream.on('error', () => undefined)
  stream.on('close', () => abort.abort(new AppError('conflict', 'It was cancelled.')))
  await begun
  return stream
}
