import * as z from 'zod'
import { SiteAccess } from '../site.js'
import { ofSite, Started, table } from './entry.js'

/** How files and database of a site are reached. */
export const accessApi = table({
  /** How to reach files and database, with their passwords. */
  siteAccess: {
    method: 'GET',
    path: '/api/sites/:name/access',
    access: 'site.edit',
    // Who has the password can change everything.
    token: 'write',
    params: ofSite,
    result: SiteAccess,
  },
  /** New SFTP or database password; the site learns it at once. */
  rotatePassword: {
    method: 'POST',
    path: '/api/sites/:name/access/rotate',
    access: 'site.edit',
    params: ofSite,
    body: z.object({ which: z.enum(['sftp', 'database']) }).strict(),
    result: Started,
  },
  /** The whole list of SSH keys that may open SFTP (lines of authorized_keys(5)). */
  setSftpKeys: {
    method: 'PUT',
    path: '/api/sites/:name/access/keys',
    access: 'site.edit',
    params: ofSite,
    body: z.object({ keys: z.array(z.string().max(2000)).max(20) }).strict(),
    result: Started,
  },
})
