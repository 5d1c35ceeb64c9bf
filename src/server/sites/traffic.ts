import { type LogEntry, VISITS_SOURCE } from '../../model/site-log.js'
import type { Journals } from '../journals/journals.js'
import type { Meters } from '../metrics/meters.js'
import type { AccessLog, VisitedRequest } from '../proxy/read-access-log.js'
import { findVisits } from '../proxy/visits.js'
import { listUuids } from '../register/sites.js'
import type { SitesContext } from './context.js'

/** What visitors do, as the front proxy logs it, on its way to whoever wants to know. */
export interface Traffic {
  /** Takes in what was logged since the last time. */
  run(): Promise<void>
  /** When somebody who is no known machine last came to each site that was visited since this was last asked, in milliseconds since 1970. */
  takeVisits(): Map<string, number>
}

export function openTraffic(
  { register, journals, meters }: Pick<SitesContext, 'register'> & { journals: Journals; meters: Meters },
  accessLog: AccessLog,
): Traffic {
  let visits = new Map<string, number>()
  return {
    async run() {
      const requests = await accessLog.read()
      if (requests.length === 0) return
      meters.countRequests(requests)
      for (const [site, atMs] of findVisits(requests)) visits.set(site, Math.max(visits.get(site) ?? 0, atMs))
      for (const { name, uuid } of await listUuids(register.db, [...new Set(requests.map(({ site }) => site))])) {
        const entries = requests.filter(({ site }) => site === name).map(asEntry)
        await journals.add(uuid, 'visits', entries)
      }
    },
    takeVisits() {
      const taken = visits
      visits = new Map()
      return taken
    },
  }
}

/** Pure: a request as a line of the log. */
export function asEntry({ at, address, method, host, uri, status, sentBytes, seconds }: VisitedRequest): LogEntry {
  const text = `${address} ${method} ${host}${uri} ${status} ${sentBytes} B ${Math.round(seconds * 1000)} ms`
  const level = status >= 500 ? 'error' : status >= 400 ? 'warning' : 'info'
  return { at: new Date(at * 1000).toISOString(), source: VISITS_SOURCE, level, text }
}
