import * as z from 'zod'
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
  /** The last lines of its services, oldest first. */
  siteLogs: {
    method: 'GET',
    path: '/api/sites/:name/logs',
    access: 'site.edit',
    params: ofSite,
    query: z.object({ lines: z.coerce.number().int().min(1).max(2000).optional() }),
    result: z.object({ lines: z.array(z.object({ source: z.string(), text: z.string() })) }),
  },
})
