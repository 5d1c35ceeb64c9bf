import { readFileSync } from 'node:fs'
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import type { Readable } from 'node:stream'
import { AppError } from '../model/errors.js'

/** Where the platform is: the server's own socket on this machine, or its panel with a token. */
export type Address = { socketPath: string } | { url: string; token: string; caFile?: string }

export interface Ask {
  method: string
  path: string
  /** JSON, or a file's bytes. */
  body?: string | UploadBody | undefined
  headers?: Record<string, string>
  accept?: string
  signal?: AbortSignal | undefined
  /** Longest silence of the connection, in milliseconds; absent: none. */
  silenceMs?: number
}

/** Bytes that are sent as they come, and how many they are. */
export interface UploadBody {
  content: Readable
  lengthBytes: number
  /** Bytes of any kind when absent. */
  type?: string
}

/** Sends one request; resolves with the answer's head, whatever its status. AppError `unavailable`, `forbidden` (the socket may not be opened) or `timed_out`. */
export type Transport = (ask: Ask) => Promise<IncomingMessage>

export async function openTransport(address: Address): Promise<Transport> {
  if ('socketPath' in address) return (ask) => send(requestHttp, { socketPath: address.socketPath }, ask, address)
  const { request } = address.url.startsWith('http:') ? { request: requestHttp } : await import('node:https')
  const url = new URL(address.url)
  const options: RequestOptions & { ca?: string } = {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    headers: { authorization: `Bearer ${address.token}` },
    ...(address.caFile !== undefined && { ca: readFileSync(address.caFile, 'utf8') }),
  }
  return (ask) => send(request, options, ask, address)
}

function send(request: typeof requestHttp, base: RequestOptions, ask: Ask, address: Address): Promise<IncomingMessage> {
  const headers = {
    ...(base.headers as Record<string, string> | undefined),
    accept: ask.accept ?? 'application/json',
    ...bodyHeaders(ask.body),
    ...ask.headers,
  }
  return new Promise((resolve, reject) => {
    const options = { ...base, method: ask.method, path: ask.path, headers, ...(ask.signal && { signal: ask.signal }) }
    const outgoing = request(options, (answer) => {
      // An answer before all was sent: the rest is not wanted.
      if (typeof ask.body === 'object' && !outgoing.writableEnded) ask.body.content.unpipe(outgoing)
      resolve(answer)
    })
    if (ask.silenceMs !== undefined)
      outgoing.setTimeout(ask.silenceMs, () => {
        outgoing.destroy(new AppError('timed_out', 'Ruche did not answer in time.'))
      })
    outgoing.on('error', (error) => reject(explainConnection(error, address)))
    if (typeof ask.body !== 'object') return void outgoing.end(ask.body)
    ask.body.content.once('error', (error) => outgoing.destroy(error))
    ask.body.content.pipe(outgoing)
  })
}

function bodyHeaders(body: Ask['body']): Record<string, string> {
  if (body === undefined) return {}
  if (typeof body === 'object')
    return { 'content-type': body.type ?? 'application/octet-stream', 'content-length': String(body.lengthBytes) }
  return { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }
}

/** The AppError of a connection that failed; errors that are none of ours to explain (an abort) come back as they are. */
export function explainConnection(error: NodeJS.ErrnoException, address: Address): Error {
  if (error.code === undefined || error instanceof AppError || error.name === 'AbortError') return error
  const where = 'socketPath' in address ? address.socketPath : address.url
  if (error.code === 'EACCES' || error.code === 'EPERM')
    return new AppError('forbidden', `The socket ${where} may not be opened by this user.`, {
      hint: 'run the command as root',
      cause: error,
    })
  const absent = error.code === 'ENOENT' || error.code === 'ECONNREFUSED'
  return new AppError(
    'unavailable',
    absent ? `No Ruche answers at ${where}.` : `The connection to ${where} failed: ${error.message}`,
    { hint: 'is Ruche running? start it with ruche up', cause: error },
  )
}
