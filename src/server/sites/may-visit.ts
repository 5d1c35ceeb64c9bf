import { readSettings } from '../../model/site-settings.js'
import { rightsOn } from '../access/allowed.js'
import type { Memberships } from '../access/memberships.js'
import type { Requester } from '../access/requester.js'
import type { SiteRecord } from '../register/sites.js'

/** May this person see a site that is only for people of the directory? Who may work on it always may. */
export async function mayVisit(memberships: Memberships, who: Requester, site: SiteRecord): Promise<boolean> {
  if (rightsOn(who, site).includes('view')) return true
  const settings = readSettings(site.settings)
  if (!settings) return false
  return settings.visitorGroups.length === 0 || memberships.isMember(who.login, settings.visitorGroups)
}
