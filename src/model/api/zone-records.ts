import * as z from 'zod'
import { Id } from '../names.js'
import { RecordWish, ZoneRecord } from '../zone-record.js'
import { ofSite, table } from './entry.js'

/** Records in the platform's zone that are a site's, besides its address. */
export const zoneRecordsApi = table({
  /** All of them. `allowed`: records may be added, and are announced. */
  listRecords: {
    method: 'GET',
    path: '/api/sites/:name/dns',
    access: 'site.manage',
    params: ofSite,
    result: z.object({ host: z.string(), allowed: z.boolean(), records: z.array(ZoneRecord) }),
  },
  /** Adds one. `forbidden` when the administrator does not allow it, `conflict` when it cannot stand beside the others. */
  addRecord: {
    method: 'POST',
    path: '/api/sites/:name/dns',
    access: 'site.manage',
    params: ofSite,
    body: RecordWish,
    result: ZoneRecord,
  },
  /** Takes one away. */
  removeRecord: {
    method: 'DELETE',
    path: '/api/sites/:name/dns/:id',
    access: 'site.manage',
    params: ofSite.extend({ id: Id }),
    result: z.object({ removed: Id }),
  },
})
