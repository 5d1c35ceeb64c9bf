import type { Operation } from '../../model/operation.js'
import { updateSite } from '../register/sites.js'
import { checkKeys } from './authorized-keys.js'
import { changeSite } from './change-site.js'
import type { By, SitesContext } from './context.js'

/** A new SFTP or database password, which the site learns at once. */
export function rotatePassword(
  context: SitesContext,
  name: string,
  which: 'sftp' | 'database',
  by: By,
): Promise<Operation> {
  const column = which === 'sftp' ? 'sftp_generation' : 'database_generation'
  return changeSite(context, name, by, {
    kind: 'site.credentials',
    write: (queries, site) => updateSite(queries, name, { [column]: site[column] + 1 }),
    revert: (queries, before) => updateSite(queries, name, { [column]: before[column] }),
  })
}

/** The whole list of keys that open the site's SFTP. */
export function setSftpKeys(context: SitesContext, name: string, lines: string[], by: By): Promise<Operation> {
  const keys = checkKeys(lines)
  return changeSite(context, name, by, {
    kind: 'site.credentials',
    write: (queries) => updateSite(queries, name, { sftp_keys: JSON.stringify(keys) }),
    revert: (queries, before) => updateSite(queries, name, { sftp_keys: JSON.stringify(before.keys) }),
  })
}
