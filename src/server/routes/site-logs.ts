import type { Requester } from '../access/requester.js'
import type { Dependencies } from '../dependencies.js'
import { followSiteLog, readSiteLog } from '../sites/site-logs.js'
import { openEventStream } from './event-stream.js'
import type { RouteTable } from './route-table.js'
import { watchSession } from './watch-session.js'

const LINES = 200
/** Who does not read what comes is cut off, and begins anew. */
const MOST_WAITING_BYTES = 4 * 1024 ** 2

export function siteLogRoutes(dependencies: Dependencies): Pick<RouteTable, 'siteLogs' | 'followLogs' | 'siteMetrics'> {
  return {
    siteLogs: async ({ query: { lines = LINES, ...filter } }, { site }) => ({
      lines: await readSiteLog(dependencies, site, { ...filter, lines }),
    }),
    async followLogs({ query }, { who, site, reply }) {
      reply.header('content-type', 'text/event-stream; charset=utf-8').header('x-accel-buffering', 'no')
      const over = new AbortController()
      const { stream, write } = openEventStream(() => over.abort())
      watchUntil(dependencies, who, site.name, { signal: over.signal, onOver: () => stream.end() })
      followSiteLog(dependencies, site, query, {
        signal: over.signal,
        tell(entries) {
          if (stream.writableLength > MOST_WAITING_BYTES) stream.end()
          else write('lines', entries)
        },
      })
      write('lines', [])
      return stream
    },
    siteMetrics: async ({ query: { span = 'hour' } }, { site }) =>
      dependencies.meters.read(site.uuid, span, dependencies.now()),
  }
}

function watchUntil(
  dependencies: Dependencies,
  who: Requester,
  site: string,
  { signal, onOver }: { signal: AbortSignal; onOver: () => void },
): void {
  signal.addEventListener('abort', watchSession(dependencies, who, onOver, { site, right: 'edit' }))
}
