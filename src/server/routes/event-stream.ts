import { PassThrough } from 'node:stream'

const HEARTBEAT_MS = 15_000

/** An event stream (WHATWG HTML §9.2) that stays open. */
export interface EventStream {
  stream: PassThrough
  write(event: string, data: unknown): void
}

/** `onClose`: whoever read it has gone, or it was ended. */
export function openEventStream(onClose: () => void): EventStream {
  const stream = new PassThrough()
  const heartbeat = setInterval(() => stream.write(': still here\n\n'), HEARTBEAT_MS)
  stream.on('close', () => {
    clearInterval(heartbeat)
    onClose()
  })
  stream.on('error', () => undefined)
  return {
    stream,
    write(event, data) {
      if (!stream.writableEnded) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    },
  }
}
