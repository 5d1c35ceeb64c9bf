import type { ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { orSoon } from './or-soon.js'

const MAX_BYTES = 16 * 1024 ** 2
const TAIL_CHARACTERS = 64 * 1024
const GRANDCHILD_GRACE_MS = 200

export interface CollectedOutput {
  /** Resolves when both streams have ended, or shortly after the program's end when something it left behind holds them open. */
  drained(): Promise<void>
  /** What was said; after this nothing is read any more. */
  end(): { stdout: string; stderr: string }
}

/** Reads a program's two streams without ever holding more than their limit; `onFlood` is called once when they say more. */
export function collectOutput(
  child: ChildProcess,
  onLine: ((line: string) => void) | undefined,
  onFlood: () => void,
): CollectedOutput {
  const stdout = collect(child.stdout, onLine, onFlood)
  const stderr = collect(child.stderr, onLine, onFlood)
  const closed = Promise.all([stdout.closed, stderr.closed])
  return {
    drained: () => orSoon(closed, GRANDCHILD_GRACE_MS),
    end: () => ({ stdout: stdout.end(), stderr: stderr.end() }),
  }
}

function collect(stream: Readable | null, onLine: ((line: string) => void) | undefined, onFlood: () => void) {
  if (stream === null) return { closed: Promise.resolve(), end: () => '' }
  const decoder = new StringDecoder('utf8')
  let text = ''
  let line = ''
  let bytes = 0
  const add = (piece: string): void => {
    text += piece
    if (onLine === undefined) return
    if (text.length > 2 * TAIL_CHARACTERS) text = text.slice(-TAIL_CHARACTERS)
    // Progress bars rewrite their line with a carriage return: each state of it is a line here.
    const parts = (line + piece).split(/\r?\n|\r/)
    line = (parts.pop() ?? '').slice(-TAIL_CHARACTERS)
    for (const part of parts) onLine(part)
  }
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (onLine === undefined && bytes > MAX_BYTES) return onFlood()
    add(decoder.write(chunk))
  })
  stream.on('error', () => undefined)
  return {
    closed: new Promise<void>((resolve) => stream.once('close', resolve)),
    end: () => {
      add(decoder.end())
      if (onLine !== undefined && line !== '') onLine(line)
      line = ''
      stream.removeAllListeners('data')
      stream.destroy()
      return text
    },
  }
}
