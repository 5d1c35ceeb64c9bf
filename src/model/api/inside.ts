import * as z from 'zod'
import { MetricSpan, SiteMetrics } from '../metrics.js'
import { LogEntry, LogFilter, MOST_LOG_LINES } from '../site-log.js'
import { SitePrograms } from '../site-programs.js'
import { ofSite, table } from './entry.js'

/** Programs and logs of a site. */
export const insideApi = table({
  /** Runs a program in the site as its user. Streams JSON lines: `{stdout|stderr: base64}`…, then `{exitCode}` or `{error}`. */
  execInSite: {
    method: 'POST',
    path: '/api/sites/:name/exec',
    access: 'site.edit',
    params: ofSite,
    body: z
      .object({
        argv: z.array(z.string().max(65_536)).min(1).max(200),
        stdin: z.base64().optional(),
        timeoutMs: z.int().min(100).max(3_600_000).optional(),
      })
      .strict(),
    result: z.any(),
  },
  /** The owner's own programs: which run, which ended and how, when they are started again, and the lines of the crontab with their next run. */
  sitePrograms: {
    method: 'GET',
    path: '/api/sites/:name/programs',
    access: 'site.edit',
    params: ofSite,
    result: SitePrograms,
  },
  /** The last lines about it, oldest first: of its services, of what was done with it, and of requests as the front proxy saw them. */
  siteLogs: {
    method: 'GET',
    path: '/api/sites/:name/logs',
    access: 'site.edit',
    params: ofSite,
    query: LogFilter.extend({ lines: z.coerce.number().int().min(1).max(MOST_LOG_LINES).optional() }),
    result: z.object({ lines: z.array(LogEntry) }),
  },
  /** New lines as they come: an event stream (WHATWG HTML §9.2) whose data are JSON lists of LogEntry. */
  followLogs: {
    method: 'GET',
    path: '/api/sites/:name/logs/follow',
    access: 'site.edit',
    params: ofSite,
    query: LogFilter,
    result: z.any(),
  },
  /** What it used and how it answered, in equal steps. */
  siteMetrics: {
    method: 'GET',
    path: '/api/sites/:name/metrics',
    access: 'site.view',
    params: ofSite,
    query: z.object({ span: MetricSpan.optional() }),
    result: SiteMetrics,
  },
})
