import { LIFE_SOURCE, LOG_LEVELS, type LogEntry, type LogFilter, VISITS_SOURCE } from '../../model/site-log.js'
import type { Journals } from '../journals/journals.js'
import type { SiteRecord } from '../register/sites.js'
import type { SitesContext } from './context.js'
import { findNewLines, type LogLine } from './new-lines.js'
import { readLogLine } from './read-log-line.js'

const LOOK_MS = 1000
/** Lines of each service that are looked at for new ones. */
const LOOKED_AT = 500

type LogContext = Pick<SitesContext, 'engine' | 'log'> & { journals: Journals }

/** The last lines about a site that pass the filter, from all sources, in the order of their times. */
export async function readSiteLog(
  context: LogContext,
  site: SiteRecord,
  { lines, ...filter }: LogFilter & { lines: number },
): Promise<LogEntry[]> {
  const wants = (source: string) => isWanted(filter, source)
  const isServices = filter.sources?.split(',').some((one) => one !== LIFE_SOURCE && one !== VISITS_SOURCE) ?? true
  const [life, visits, services] = await Promise.all([
    wants(LIFE_SOURCE) ? context.journals.read(site.uuid, 'life', Number.POSITIVE_INFINITY) : [],
    wants(VISITS_SOURCE) ? context.journals.read(site.uuid, 'visits', Number.POSITIVE_INFINITY) : [],
    isServices ? context.engine.logs(site.name, 2000) : [],
  ])
  const all = [...life, ...visits, ...services.map(readLogLine)].filter((entry) => passes(filter, entry))
  return inOrder(all).slice(-lines)
}

/** Tells of each new line until `signal` aborts. */
export function followSiteLog(
  context: LogContext,
  site: SiteRecord,
  filter: LogFilter,
  { tell, signal }: { tell(entries: LogEntry[]): void; signal: AbortSignal },
): void {
  const pass = (entries: LogEntry[]) => {
    const passed = entries.filter((entry) => passes(filter, entry))
    if (passed.length > 0) tell(passed)
  }
  const leave = context.journals.follow(site.uuid, pass)
  let before: LogLine[] | undefined
  let timer: NodeJS.Timeout | undefined
  const look = async () => {
    const now = await context.engine.logs(site.name, LOOKED_AT)
    if (before) pass(inOrder(findNewLines(before, now).map(readLogLine)))
    before = now
  }
  const again = () => {
    timer = setTimeout(() => {
      look()
        .catch((error: unknown) => context.log.info({ site: site.name, err: error }, 'a log could not be followed'))
        .finally(() => signal.aborted || again())
    }, LOOK_MS)
  }
  again()
  signal.addEventListener('abort', () => {
    leave()
    clearTimeout(timer)
  })
}

const isWanted = ({ sources }: LogFilter, source: string): boolean => sources?.split(',').includes(source) ?? true

/** Pure. */
export function passes(filter: LogFilter, { source, level, text }: LogEntry): boolean {
  if (!isWanted(filter, source)) return false
  if (filter.level && LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(filter.level)) return false
  return filter.text === undefined || text.toLowerCase().includes(filter.text.toLowerCase())
}

/** Pure: by time; a line that says none belongs to the one before it of the same source. */
export function inOrder(entries: LogEntry[]): LogEntry[] {
  const last = new Map<string, string>()
  const timed = entries.map((entry) => {
    const at = entry.at ?? last.get(entry.source) ?? ''
    last.set(entry.source, at)
    return { at, entry }
  })
  return timed.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).map(({ entry }) => entry)
}
