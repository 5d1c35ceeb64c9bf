import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../model/errors.js'
import type { ServerEvent } from '../model/events.js'
import type { Operation } from '../model/operation.js'

export interface OperationSource {
  get(): Promise<Operation>
  /** Events of one connection; ends when it is cut. */
  follow(signal: AbortSignal): AsyncIterable<ServerEvent>
  /** Longest time without any answer before giving up, in milliseconds. */
  patienceMs: number
}

/**
 * Resolves with the operation once it is `done`. Throws its own error when it failed, `conflict` when it was cancelled. A server that restarts meanwhile is waited for;
 * the operation goes on when nobody looks, also when `signal` ends the waiting (by throwing its reason).
 */
export async function waitForOperation(
  id: string,
  source: OperationSource,
  onProgress: (operation: Operation) => void,
  signal?: AbortSignal,
): Promise<Operation> {
  let silentSince = Date.now()
  for (;;) {
    signal?.throwIfAborted()
    const stop = new AbortController()
    const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal
    try {
      const operation = await followUntilEnded(id, source, either, (seen) => {
        silentSince = Date.now()
        onProgress(seen)
      })
      if (operation) return judge(operation)
    } catch (error) {
      signal?.throwIfAborted()
      if (!isPassing(error) || Date.now() - silentSince > source.patienceMs) throw error
    } finally {
      stop.abort()
    }
    await sleep(200, undefined, { ...(signal && { signal }) })
  }
}

async function followUntilEnded(
  id: string,
  source: OperationSource,
  signal: AbortSignal,
  onProgress: (operation: Operation) => void,
): Promise<Operation | undefined> {
  for await (const event of source.follow(signal)) {
    const operation =
      event.type === 'resync'
        ? await source.get()
        : event.type === 'operation' && event.operation.id === id
          ? event.operation
          : undefined
    if (!operation) continue
    onProgress(operation)
    if (operation.state !== 'running') return operation
  }
  return undefined
}

function isPassing(error: unknown): boolean {
  return error instanceof AppError ? error.code === 'unavailable' : isCut(error)
}

// A connection that dies in the middle of an answer comes as a bare Node error.
function isCut(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ECONNRESET', 'EPIPE'].includes(String(error.code))
}

function judge(operation: Operation): Operation {
  if (operation.state === 'done') return operation
  if (operation.error) {
    const { code, message, hint, fields } = operation.error
    throw new AppError(code, message, { hint, fields })
  }
  const words = operation.state === 'cancelled' ? 'was cancelled' : 'failed'
  throw new AppError(
    operation.state === 'cancelled' ? 'conflict' : 'internal',
    `The operation ${operation.id} ${words}.`,
  )
}
