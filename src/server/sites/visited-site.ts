import type { ContainerUsage } from '../../model/container.js'
import type { VisitorKind } from '../proxy/visitor-words.js'
import { findSiteOfDomain } from '../register/domains.js'
import { findSite, type SiteRecord } from '../register/sites.js'
import type { SitesContext } from './context.js'
import { planState } from './present-site.js'

export type VisitedContext = Pick<SitesContext, 'register' | 'observed' | 'naming'>

/** The site that has this host name; undefined when none has. */
export async function findSiteOfHost(
  { register, naming }: Pick<VisitedContext, 'register' | 'naming'>,
  host: string,
): Promise<SiteRecord | undefined> {
  const name = host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '')
  const suffix = `.${naming.baseDomain}`
  const siteName = name.endsWith(suffix) ? name.slice(0, -suffix.length) : await findSiteOfDomain(register.db, name)
  return siteName === undefined ? undefined : findSite(register.db, siteName)
}

/** Why a site does not answer, as its visitors may know it. */
export function findSilence({ observed }: Pick<VisitedContext, 'observed'>, site: SiteRecord): VisitorKind {
  const status = observed.find(site.name)
  const { state } = planState(site, observed.answers(), status)
  const kind = KINDS[state]
  return kind === 'broken' && isFull(status?.usage, site.limits.diskBytes) ? 'full' : kind
}

function isFull(usage: ContainerUsage | undefined, diskBytes: number): boolean {
  return usage?.diskUsedBytes !== undefined && usage.diskUsedBytes > diskBytes * 0.98
}

const KINDS = {
  creating: 'starting',
  starting: 'starting',
  // Whoever asks wakes it; who reads this page has waited too long for that.
  asleep: 'starting',
  stopped: 'stopped',
  stopping: 'stopped',
  // It runs and did not answer.
  running: 'broken',
  failed: 'broken',
  unknown: 'unknown',
} as const
