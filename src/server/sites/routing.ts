import { readSettings } from '../../model/site-settings.js'
import type { Log } from '../log.js'
import type * as frontProxy from '../proxy/proxy.js'
import type { ProxyRoutes, SiteRoute } from '../proxy/routes.js'
import type { Register } from '../register/register.js'
import { listSites, type SiteRecord } from '../register/sites.js'
import type { Naming } from './naming.js'

/** The front proxy, as far as routes go. */
export type RoutedProxy = Pick<frontProxy.Proxy, 'apply' | 'state' | 'examine'>

/** Keeps the front proxy's routes like the register. */
export interface Routing {
  /** Resolves when the proxy serves the register as it is now; bursts become one change. */
  refresh(): Promise<void>
  /** The same, but an error is only logged: the reconciler tries again. Answers whether there was none. */
  refreshLater(): Promise<boolean>
}

interface Parts {
  register: Register
  proxy: RoutedProxy
  naming: Naming
  log: Log
}

export function openRouting(parts: Parts): Routing {
  let last: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined

  // Also when nothing changed: the proxy then mends what is missing or damaged.
  const apply = async () => parts.proxy.apply(planRoutes(await listSites(parts.register.db), parts.naming))
  // What runs may have read the register too early for who comes now; all who come meanwhile share the next one.
  const refresh = () => {
    if (next) return next
    last = next = last
      .catch(() => undefined)
      .then(() => {
        next = undefined
        return apply()
      })
    return next
  }
  return {
    refresh,
    refreshLater: () =>
      refresh().then(
        () => true,
        (error: unknown) => {
          parts.log.warn({ err: error }, 'the front proxy did not take the routes')
          return false
        },
      ),
  }
}

/** What a site is served with: a main name that is not its own any more leads nobody away. */
function planSettings(site: SiteRecord, naming: Naming): NonNullable<SiteRoute['settings']> {
  const settings = readSettings(site.settings)
  if (!settings) return 'unreadable'
  const names = [naming.platformName(site.name), ...site.domains]
  return names.includes(settings.mainName) ? settings : { ...settings, mainName: '' }
}

/** Routes of all sites that are there or being made; one that is being removed has none. */
export function planRoutes(all: SiteRecord[], naming: Naming): ProxyRoutes {
  const sites = all.filter((site) => site.lifecycle !== 'removing')
  const pendingNames = sites.flatMap(({ claims }) => claims)
  return {
    panel: naming.panel,
    baseDomain: naming.baseDomain,
    ...(pendingNames.length > 0 && { pendingNames }),
    sites: sites.map((site) => ({
      name: site.name,
      ipv4: naming.ipv4(site.address),
      domains: [naming.platformName(site.name), ...site.domains],
      ...(site.settings !== '{}' && { settings: planSettings(site, naming) }),
    })),
  }
}
