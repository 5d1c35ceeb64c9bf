import { PassThrough } from 'node:stream'
import type { ServerEvent } from '../../model/events.js'
import type { Requester } from '../access/requester.js'
import type { Dependencies } from '../dependencies.js'
import type { RouteTable } from './route-table.js'
import { watchSession } from './watch-session.js'

const HEARTBEAT_MS = 15_000
/** What may wait for a viewer who does not read; beyond it events are dropped, and the viewer is told to ask anew. */
const MOST_WAITING_BYTES = 512 * 1024

export function eventRoutes(dependencies: Dependencies): Pick<RouteTable, 'events'> {
  return {
    async events(_, { who, reply }) {
      const stream = openStream(dependencies, who)
      reply.header('content-type', 'text/event-stream; charset=utf-8').header('x-accel-buffering', 'no')
      return stream
    },
  }
}

function openStream(dependencies: Dependencies, who: Requester): PassThrough {
  const stream = new PassThrough()
  let isLagging = false
  stream.on('drain', () => {
    if (isLagging) write(stream, { type: 'resync' })
    isLagging = false
  })
  const leave = dependencies.feed.join({
    who,
    send(event) {
      if (stream.writableLength > MOST_WAITING_BYTES) isLagging = true
      if (!isLagging) write(stream, event)
    },
    close: () => stream.end(),
  })
  const heartbeat = setInterval(() => {
    if (!isLagging) stream.write(': still here\n\n')
  }, HEARTBEAT_MS)
  // Rights that changed are another person's stream: the page opens a new one.
  const unwatch = watchSession(dependencies, who, () => stream.end())
  stream.on('close', () => {
    clearInterval(heartbeat)
    unwatch()
    leave()
  })
  stream.on('error', () => undefined)
  return stream
}

function write(stream: PassThrough, event: ServerEvent): void {
  if (!stream.writableEnded) stream.write(`event: change\ndata: ${JSON.stringify(event)}\n\n`)
}
