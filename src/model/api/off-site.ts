import * as z from 'zod'
import { BackupKey } from '../backup.js'
import { Id, Login, SiteName } from '../names.js'
import { ListedCopy, OffSiteCheck } from '../off-site.js'
import { ofSite, Started, table } from './entry.js'

const ofCopy = z.object({ key: BackupKey, id: Id })

/** Copies of backups in a repository elsewhere. */
export const offSiteApi = table({
  /** Brings a backup back that is only elsewhere; then it can be restored like any other. */
  fetchBackup: {
    method: 'POST',
    path: '/api/sites/:name/backups/:id/fetch',
    access: 'site.edit',
    params: ofSite.extend({ id: Id }),
    result: Started,
  },
  /** What lies in the repository elsewhere, of all sites it ever saw, and when that was last read back. */
  listOffSite: {
    method: 'GET',
    path: '/api/off-site',
    access: 'administrator',
    result: z.object({ copies: z.array(ListedCopy), check: OffSiteCheck.optional() }),
  },
  /** Brings a copy back from the repository, whether there is still a site that it is of or not. */
  fetchOffSite: {
    method: 'POST',
    path: '/api/off-site/:key/:id/fetch',
    access: 'administrator',
    params: ofCopy,
    result: Started,
  },
  /** A new site out of a copy that was brought back; the site itself when it is no more. */
  restoreOffSite: {
    method: 'POST',
    path: '/api/off-site/:key/:id/restore',
    access: 'administrator',
    params: ofCopy,
    body: z.object({ name: SiteName, owner: Login.optional() }).strict(),
    result: Started,
  },
})
