import { rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { AppError, toErrorBody } from '../model/errors.js'
import { type Behind, type Patience, type ServedConnection, serveConnection } from './door-connection.js'
import { makeMemory } from './door-memory.js'
import { listenAt } from './door-socket.js'

const MAX_CONNECTIONS = 256
const PATIENCE: Patience = { halfLineMs: 10_000, slowReaderMs: 30_000, mostCharacters: 64 * 1024 ** 2 }

export interface Door {
  /** Takes no new call, cancels what can be cancelled, waits for the others, at most `waitMs`, and hangs up on everybody. */
  close(waitMs: number): Promise<void>
}

/** The one way to root: every call is parsed, checked, written down and only then carried out; nothing behind it checks again. */
export async function openDoor(
  socketPath: string,
  group: string,
  behind: Behind,
  patience: Patience = PATIENCE,
): Promise<Door> {
  const connections = new Set<Socket>()
  const served = new Set<ServedConnection>()
  const newShare = makeMemory(patience.mostCharacters)
  const server = createServer((socket) => {
    if (connections.size >= MAX_CONNECTIONS) return refuseFull(socket)
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
    const connection = serveConnection(socket, { behind, patience, share: newShare() })
    served.add(connection)
    void connection.over.finally(() => served.delete(connection))
  })
  server.on('error', (error) => behind.log.error('door', { error }))
  await listenAt(server, socketPath, group)
  return {
    async close(waitMs) {
      await rm(socketPath, { force: true })
      server.close()
      for (const connection of served) connection.cancel()
      const timer = new AbortController()
      await Promise.race([Promise.all([...served].map(({ over }) => over)), delay(waitMs, timer.signal)])
      timer.abort()
      for (const socket of connections) socket.destroy()
    },
  }
}

function refuseFull(socket: Socket): void {
  const error = new AppError('busy', 'Too many callers at once.', { hint: 'Try again in a moment.' })
  socket.on('error', () => socket.destroy())
  socket.end(`${JSON.stringify({ error: toErrorBody(error, 'full') })}\n`, () => socket.destroy())
}

function delay(timeMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeMs)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
