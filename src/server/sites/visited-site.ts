import { findSite, findSiteOfDomain } from '../register/sites.js'
import type { SitesContext } from './context.js'
import { planState } from './present-site.js'

export interface VisitedSite {
  kind: 'stopped' | 'starting' | 'broken' | 'unknown'
  siteName: string
}

export type VisitedContext = Pick<SitesContext, 'register' | 'observed' | 'naming'>

/** What a visitor of that host name is to be told, as the site did not answer; undefined when no site has the name. */
export async function findVisitedSite(
  { register, observed, naming }: VisitedContext,
  host: string,
): Promise<VisitedSite | undefined> {
  const name = host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '')
  const suffix = `.${naming.baseDomain}`
  const siteName = name.endsWith(suffix) ? name.slice(0, -suffix.length) : await findSiteOfDomain(register.db, name)
  const site = siteName === undefined ? undefined : await findSite(register.db, siteName)
  if (!site) return undefined
  const { state } = planState(site, observed.answers(), observed.find(site.name))
  return { kind: KINDS[state], siteName: site.name }
}

const KINDS = {
  creating: 'starting',
  starting: 'starting',
  stopped: 'stopped',
  stopping: 'stopped',
  // It runs and did not answer.
  running: 'broken',
  failed: 'broken',
  unknown: 'unknown',
} as const
