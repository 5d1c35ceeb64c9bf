import type { Socket } from 'node:net'
import { PassThrough, Writable } from 'node:stream'
import * as z from 'zod'
import { INPUT_WINDOW_BYTES } from '../model/calls.js'
import { TerminalSize } from '../model/terminal.js'
import type { Caller } from './containers/caller.js'

const MAX_PENDING_NOTES_BYTES = 256 * 1024
const MAX_PENDING_EVENTS_BYTES = 1024 * 1024

const Input = z.union([
  z.object({ stdin: z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/) }).strict(),
  z.object({ eof: z.literal(true) }).strict(),
  z.object({ resize: TerminalSize }).strict(),
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
  const say = (line: object): boolean => !socket.destroyed && socket.write(`${JSON.stringify(line)}\n`)
  const stdin = new PassThrough()
  const input = boundInput(stdin, (taken) => void say({ taken }))
  const sizes = makeSizes()
  const caller: Caller = {
    actor: '',
    // Progress is a comfort: a caller that does not read it in time misses some.
    note: (progress) => void (socket.writableLength < MAX_PENDING_NOTES_BYTES && say({ progress })),
    hungUp: hungUp.signal,
    stdin,
    stdout: outputOf(socket, 'stdout'),
    stderr: outputOf(socket, 'stderr'),
    onResize: sizes.onResize,
    // Events must not be missed: who does not read them is cut off, connects again and is told to ask anew.
    tell: (event) => void (socket.writableLength < MAX_PENDING_EVENTS_BYTES ? say({ event }) : socket.destroy()),
  }
  return {
    caller,
    onLine(line) {
      const { success, data } = Input.safeParse(parse(line))
      if (!success) socket.destroy()
      else if ('resize' in data) sizes.resize(data.resize)
      else if (!input(data)) socket.destroy()
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

/**
 * Takes the input of a program, false when that is more than agreed. The connection is always read, so that a caller who hangs up is noticed while the
 * program takes nothing; instead of the socket's buffers it is the window that slows the caller down.
 */
function boundInput(
  stdin: PassThrough,
  onTaken: (bytes: number) => void,
): (line: { stdin: string } | { eof: true }) => boolean {
  let waitingBytes = 0
  return (line) => {
    if (stdin.destroyed) return true
    if (stdin.writableEnded) return false
    if ('eof' in line) {
      stdin.end()
      return true
    }
    const chunk = Buffer.from(line.stdin, 'base64')
    waitingBytes += chunk.length
    if (waitingBytes > INPUT_WINDOW_BYTES) return false
    stdin.write(chunk, (error) => {
      waitingBytes -= chunk.length
      if (!error) onTaken(chunk.length)
    })
    return true
  }
}

function makeSizes(): { resize(size: TerminalSize): void } & Pick<Caller, 'onResize'> {
  let last: TerminalSize | undefined
  let take: ((size: TerminalSize) => void) | undefined
  return {
    resize(size) {
      last = size
      take?.(size)
    },
    onResize(taker) {
      take = taker
      if (last) taker(last)
    },
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
