import type { SiteAccess } from '../../model/site.js'
import type { SiteRecord } from '../register/sites.js'
import type { SitesContext } from './context.js'

const FILE = '/home/site/private/database.env'

/** How the site's files and database are reached. AppError `unavailable` when the engine cannot say what the database is. */
export async function presentAccess(
  { naming, passwords, engine }: Pick<SitesContext, 'naming' | 'passwords' | 'engine'>,
  site: SiteRecord,
): Promise<SiteAccess> {
  const { databases } = await engine.choices()
  const access = databases.find(({ name }) => name === site.stack.database)?.access
  return {
    sftp: {
      host: naming.platformName(site.name),
      port: site.sftp_port,
      user: 'site',
      password: passwords.sftp(site),
      keys: site.keys,
    },
    ...(access && {
      database:
        'path' in access ? { ...access, file: FILE } : { ...access, password: passwords.database(site), file: FILE },
    }),
  }
}
