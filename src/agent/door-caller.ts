import type { Socket } from 'node:net'
import { PassThrough, Writable } from 'node:stream'
import * as z from 'zod'
import type { Caller } from './containers/caller.js'

const MAX_PENDING_NOTES_BYTES = 256 * 1024
const MAX_PENDING_EVENTS_BYTES = 1024 * 1024

const Input = z.union([
  z.object({ stdin: z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/) }).strict(),
  z.object({ eof: z.literal(true) }).strict(),
])

export interface DoorCaller {
  caller: Caller
  /** A line after the request. */
  onLine(line: string): void
  hangUp(): void
}

/** The caller at the other end of a connection, for the rooms behind the door. */
export function makeCaller(socket: Socket): DoorCaller {
  const hungUp = new AbortController()
  const stdin = new PassThrough()
  const say = (line: object): boolean => !socket.destroyed && socket.write(`${JSON.stringify(line)}\n`)
  const caller: Caller = {
    actor: '',
    // Progress is a comfort: a caller that does not read it in time misses some.
    note: (progress) => void (socket.writableLength < MAX_PENDING_NOTES_BYTES && say({ progress })),
    hungUp: hungUp.signal,
    stdin,
    stdout: outputOf(socket, 'stdout'),
    stderr: outputOf(socket, 'stderr'),
    // Events must not be missed: who does not read them is cut off, connects again and is told to ask anew.
    tell: (event) => void (socket.writableLength < MAX_PENDING_EVENTS_BYTES ? say({ event }) : socket.destroy()),
  }
  return {
    caller,
    onLine(line) {
      const input = Input.safeParse(parse(line))
      if (!input.success || stdin.writableEnded) return void socket.destroy()
      if ('eof' in input.data) return void stdin.end()
      if (stdin.write(Buffer.from(input.data.stdin, 'base64'))) return
      socket.pause()
      stdin.once('drain', () => socket.resume())
    },
    hangUp() {
      hungUp.abort()
      stdin.destroy()
    },
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function outputOf(socket: Socket, name: 'stdout' | 'stderr'): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (socket.destroyed) return done()
      // Done when the socket has taken it: a program's output waits for a slow caller instead of filling our memory.
      socket.write(`${JSON.stringify({ [name]: chunk.toString('base64') })}\n`, () => done())
    },
  })
}
