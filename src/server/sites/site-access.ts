import type { SiteAccess } from '../../model/site.js'
import type { SiteRecord } from '../register/sites.js'
import type { SitesContext } from './context.js'

/** How the site's files and database are reached. */
export function presentAccess(
  { naming, passwords }: Pick<SitesContext, 'naming' | 'passwords'>,
  site: SiteRecord,
): SiteAccess {
  return {
    sftp: {
      host: naming.platformName(site.name),
      port: site.sftp_port,
      user: 'site',
      password: passwords.sftp(site),
      keys: site.keys,
    },
    ...(site.stack.database !== 'none' && {
      database: {
        host: 'localhost',
        name: 'site',
        user: 'site',
        password: passwords.database(site),
        file: '/home/site/private/database.env',
      },
    }),
  }
}
