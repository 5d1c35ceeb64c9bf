import { PassThrough } from 'node:stream'
import type { RawData, WebSocket } from 'ws'
import type { TerminalStreams } from '../../engine/engine.js'
import { AppError, asAppError, toErrorBody } from '../../model/errors.js'
import { TerminalSize } from '../../model/terminal.js'
import type { Requester } from '../access/requester.js'
import type { Dependencies } from '../dependencies.js'
import { newId } from '../new-id.js'
import { watchRight } from './watch-right.js'

/** Nothing typed for so long. */
const IDLE_MS = 30 * 60_000
/** A browser that has gone without a word does not answer to a ping. */
const PING_MS = 20_000
const NORMAL = 1000
const POLICY = 1008

/** Joins a WebSocket to a shell of the site until one of them ends, the right to it ends, or nobody types any more. */
export function serveTerminal(
  dependencies: Dependencies,
  { who, site, size }: { who: Requester; site: string; size: TerminalSize },
  socket: WebSocket,
): void {
  const abort = new AbortController()
  const end = (why: AppError): void => abort.abort(why)
  const unwatch = watchRight(dependencies, who, { site, right: 'edit' }, () => end(rightOver()))
  const idle = setTimeout(() => end(idleTooLong()), IDLE_MS)
  const stopPinging = ping(socket)
  const { streams, close } = streamsOf(socket, size, () => idle.refresh())
  socket.on('error', () => socket.terminate())
  socket.once('close', () => {
    clearTimeout(idle)
    stopPinging()
    unwatch()
    close()
    end(new AppError('conflict', 'The browser has gone.'))
  })
  dependencies.engine.terminal(site, streams, { actor: who.login, signal: abort.signal }).then(
    (exitCode) => finish(socket, { exitCode }, NORMAL),
    (error: unknown) => {
      const known = asAppError(error)
      const id = newId()
      if (known.code === 'internal') dependencies.log.error({ id, err: known.cause ?? known }, 'terminal failed')
      finish(socket, { error: toErrorBody(known, id) }, POLICY)
    },
  )
}

function finish(socket: WebSocket, lastWords: object, code: number): void {
  if (socket.readyState !== socket.OPEN) return
  socket.send(JSON.stringify(lastWords))
  socket.close(code)
}

function ping(socket: WebSocket): () => void {
  let isThere = true
  socket.on('pong', () => {
    isThere = true
  })
  const timer = setInterval(() => {
    if (!isThere) return socket.terminate()
    isThere = false
    socket.ping()
  }, PING_MS)
  return () => clearInterval(timer)
}

/** Both directions at the pace of the slower side. What is neither bytes nor a size ends the connection. */
function streamsOf(
  socket: WebSocket,
  size: TerminalSize,
  onTyped: () => void,
): { streams: TerminalStreams; close(): void } {
  const typed = new PassThrough()
  let resize: ((size: TerminalSize) => void) | undefined
  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (!isBinary) {
      const next = parseSize(String(data))
      if (next) resize?.(next)
      else socket.close(POLICY)
      return
    }
    onTyped()
    if (typed.writableEnded || typed.write(data as Buffer)) return
    socket.pause()
    typed.once('drain', () => socket.resume())
  })
  const streams: TerminalStreams = {
    stdin: typed,
    size,
    onResize: (tell) => {
      resize = tell
    },
    onStdout: (chunk) => new Promise((resolve) => socket.send(chunk, { binary: true }, () => resolve())),
  }
  return { streams, close: () => void typed.end() }
}

function parseSize(text: string): TerminalSize | undefined {
  try {
    return TerminalSize.safeParse((JSON.parse(text) as { resize?: unknown }).resize).data
  } catch {
    return undefined
  }
}

const rightOver = () => new AppError('unauthenticated', 'The session or the right to this site has ended.')
const idleTooLong = () => new AppError('timed_out', 'The terminal was closed: nothing had been typed for half an hour.')
