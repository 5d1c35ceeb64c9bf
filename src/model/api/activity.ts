import * as z from 'zod'
import { ActPage } from '../activity.js'
import { SiteName } from '../names.js'
import { ofSite, table } from './entry.js'

/** `before`: the `next` of the page before. */
const OlderThan = z.object({ before: z.string().max(60).optional() })

/** Who asked for what. Every route that changes something is told of, but for those that say `untold`; kept for 90 days. */
export const activityApi = table({
  /** Of one site, since it exists, 50 at a time. */
  listActivity: {
    method: 'GET',
    path: '/api/sites/:name/activity',
    access: 'site.manage',
    params: ofSite,
    query: OlderThan,
    result: ActPage,
  },
  /** Of everybody, on everything; of one person, or on one name. */
  listAllActivity: {
    method: 'GET',
    path: '/api/activity',
    access: 'administrator',
    query: OlderThan.extend({ by: z.string().max(64).optional(), site: SiteName.optional() }),
    result: ActPage,
  },
})
