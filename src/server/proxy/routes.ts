import { ContainerId } from '../../model/names.js'
import type { ServedSettings } from '../../model/site-settings.js'
import { isCanonicalName, isContainerAddress } from './literals.js'

/** Where each name leads: the whole of it, every time. */
export interface ProxyRoutes {
  panel: string
  baseDomain: string
  sites: SiteRoute[]
  /** Names that somebody has asked for and not proven: who visits them is told so. */
  pendingNames?: string[]
}

export interface SiteRoute {
  name: string
  ipv4: string
  /** All names of the site, its platform name among them. */
  domains: string[]
  /** What its owner has set; absent: nothing. `unreadable`: nobody knows what was set, so nobody is let in. */
  settings?: ServedSettings | 'unreadable' | undefined
}

/** Routes that can be rendered, and in words what had to be left out: one site's wrong entry must not keep the others from changing. */
export interface RoutesPlan {
  sites: SiteRoute[]
  pendingNames: string[]
  leftOut: string[]
}

/** Checks routes against what may ever be served: addresses of `network` (CIDR) only, no name of two sites, never the panel's. */
export function planRoutes({ panel, sites, pendingNames = [] }: ProxyRoutes, network: string): RoutesPlan {
  const claims = countClaims(sites)
  const leftOut: string[] = []
  const kept: SiteRoute[] = []
  for (const site of sites) {
    if (!ContainerId.safeParse(site.name).success || !isContainerAddress(site.ipv4, network)) {
      leftOut.push(`site ${show(site.name)}: its name or address is not one of ours`)
      continue
    }
    const domains = [...new Set(site.domains)].filter((domain) => {
      const problem = findProblem(domain, panel, claims)
      if (problem) leftOut.push(`${show(domain)} of site ${site.name}: ${problem}`)
      return problem === undefined
    })
    kept.push({ ...site, domains })
  }
  const pending = [...new Set(pendingNames)].filter((name) => !claims.has(name) && !findProblem(name, panel, claims))
  return { sites: kept, pendingNames: pending, leftOut }
}

function findProblem(domain: string, panel: string, claims: Map<string, number>): string | undefined {
  if (!isCanonicalName(domain)) return 'not a domain name'
  if (domain === panel) return 'it is the name of the panel'
  // Neither gets it: which of them is the owner cannot be told from here.
  if ((claims.get(domain) ?? 0) > 1) return 'claimed by several sites'
  return undefined
}

function countClaims(sites: readonly SiteRoute[]): Map<string, number> {
  const claims = new Map<string, number>()
  for (const { domains } of sites)
    for (const domain of new Set(domains)) claims.set(domain, (claims.get(domain) ?? 0) + 1)
  return claims
}

/** A name directly below the base domain, or the base domain itself: what the wildcard certificate covers. */
export function isPlatformName(domain: string, baseDomain: string): boolean {
  if (domain === baseDomain) return true
  return domain.endsWith(`.${baseDomain}`) && !domain.slice(0, -baseDomain.length - 1).includes('.')
}

const show = (value: string) => JSON.stringify(value).slice(0, 100)
