import type { ContainerStatus, Phase } from '../../model/container.js'
import type { Site, SiteRight } from '../../model/site.js'
import type { SiteRecord } from '../register/sites.js'
import { formerStackOf } from './change-stack.js'
import type { SitesContext } from './context.js'

type Seen = { state: Phase; reason?: string }

/** State of a site in words of its pages, from what the register wants and the engine is seen to have. */
export function planState(site: Pick<SiteRecord, 'lifecycle'>, answers: boolean, status?: ContainerStatus): Seen {
  if (site.lifecycle === 'removing') return { state: 'stopping' }
  if (!answers) return { state: 'unknown', reason: 'The part that runs the sites does not answer.' }
  if (site.lifecycle === 'creating' && (!status || status.phase === 'stopped')) return { state: 'creating' }
  if (status) return { state: status.phase, ...(status.reason !== undefined && { reason: status.reason }) }
  return { state: 'failed', reason: 'Its container is missing.' }
}

/** A site as a person with these rights sees it now. */
export function presentSite(
  context: Pick<SitesContext, 'observed' | 'operations' | 'naming' | 'names'>,
  site: SiteRecord,
  rights: SiteRight[],
): Site {
  const { observed, operations, naming, names } = context
  const status = observed.find(site.name)
  const platformName = naming.platformName(site.name)
  const dns = names.find(platformName)
  const former = formerStackOf(site)
  const operation = operations.runningOn('site', site.name)
  return {
    name: site.name,
    owner: site.owner,
    stack: site.stack,
    packages: site.packages,
    ...(former && { formerStack: former.stack }),
    modelFor: site.model_for,
    ...planState(site, observed.answers(), status),
    wanted: site.wanted,
    idleMinutes: site.idle_minutes,
    ...(site.wake_at !== null && { wakeAt: site.wake_at }),
    url: naming.url(platformName),
    domains: [platformName, ...site.domains],
    claims: site.claims,
    ...(dns && { dns }),
    ipv4: status?.ipv4 ?? naming.ipv4(site.address),
    ipv6: status?.ipv6 ?? naming.ipv6(site.address),
    sftpPort: site.sftp_port,
    limits: site.limits,
    createdAt: site.created_at,
    ...(status && presentStatus(status)),
    ...(operation && { operation: operation.id }),
    rights,
  }
}

function presentStatus({ uidBase, usage, template, pid, startedAt, restarts }: ContainerStatus): Partial<Site> {
  return {
    uidBase,
    template,
    restarts,
    ...(usage && { usage }),
    ...(pid !== undefined && { pid }),
    ...(startedAt !== undefined && { startedAt }),
  }
}
