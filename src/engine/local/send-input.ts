import type { Socket } from 'node:net'
import { INPUT_WINDOW_BYTES } from '../../model/calls.js'
import type { Input } from '../engine.js'

const CHUNK_BYTES = 64 * 1024

export interface SentInput {
  begin(fail: (error: unknown) => void): void
  /** The agent's program has taken so much. */
  taken(bytes: number): void
  /** Nobody wants it any more. */
  end(): void
}

/** Sends input as fast as the program at the other end takes it, and then that it was all. Without input nothing is said: the call leads no program. */
export function sendInput(socket: Socket, input: Input | undefined): SentInput {
  let free = INPUT_WINDOW_BYTES
  let hasEnded = false
  let wake: (() => void) | undefined
  const room = async (bytes: number): Promise<boolean> => {
    while (free < bytes && !hasEnded)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    free -= bytes
    return !hasEnded
  }
  const send = async (): Promise<void> => {
    if (!input) return
    for await (const chunk of chunksOf(input)) {
      if (!(await room(chunk.length))) return
      // One at a time: what waits in a queue here outlives V8's quick collections, and would be memory for long.
      await new Promise((resolve) => socket.write(`{"stdin":"${chunk.toString('base64')}"}\n`, resolve))
    }
    if (!hasEnded) socket.write('{"eof":true}\n')
  }
  return {
    begin: (fail) => void send().catch(fail),
    taken(bytes) {
      free += bytes
      wake?.()
    },
    end() {
      hasEnded = true
      wake?.()
    },
  }
}

async function* chunksOf(input: Input): AsyncGenerator<Buffer> {
  for await (const bytes of input instanceof Uint8Array ? [input] : input)
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES)
      yield Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(CHUNK_BYTES, bytes.length - at))
}
