import type { LogEntry, LogLevel } from '../../model/site-log.js'

/** How the loggers and the services of a site begin their lines: s6-log, PostgreSQL and MariaDB, nginx, PHP. All clocks of a site go by UTC. */
const S6 = /^(\d{4}-\d\d-\d\d) +(\d{1,2}:\d\d:\d\d(?:\.\d{1,9})?)(?: UTC)? +/
const NGINX = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d) +/
const PHP = /^\[\d\d-\w{3}-\d{4} \d\d:\d\d:\d\d\] +/
/** Where a service says how bad it is: at the beginning. */
const HEAD_CHARACTERS = 120
const ERROR = /\b(fatal|panic|emerg|alert|crit|critical|error)\b/i
const WARNING = /\b(warn|warning)\b/i

/** Pure: a line of a service with its time taken out of the text, and how pressing it sounds. */
export function readLogLine({ source, text }: { source: string; text: string }): LogEntry {
  const { at, rest } = readTime(text)
  return { ...(at !== undefined && { at }), source, level: findLevel(rest), text: rest }
}

function readTime(text: string): { at?: string; rest: string } {
  const [s6, day = '', time = ''] = S6.exec(text) ?? []
  if (s6 !== undefined) {
    const at = asTime(day, time)
    // A service may say it once more behind its logger.
    const behind = text.slice(s6.length)
    const rest = behind.replace(S6, '').replace(PHP, '')
    return at === undefined ? { rest: text } : { at, rest }
  }
  const [nginx, year, month, dayOfMonth, clock = ''] = NGINX.exec(text) ?? []
  if (nginx === undefined) return { rest: text }
  const at = asTime(`${year}-${month}-${dayOfMonth}`, clock)
  return at === undefined ? { rest: text } : { at, rest: text.slice(nginx.length) }
}

function asTime(day: string, time: string): string | undefined {
  const [clock = '', fraction = ''] = time.split('.')
  const date = new Date(`${day}T${clock.padStart(8, '0')}.${fraction.slice(0, 3).padEnd(3, '0')}Z`)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

function findLevel(text: string): LogLevel {
  const head = text.slice(0, HEAD_CHARACTERS)
  if (ERROR.test(head)) return 'error'
  return WARNING.test(head) ? 'warning' : 'info'
}
