import type { ContainerStatus } from '../../model/container.js'
import { type Check, judge, type Sign, sign, unknownCheck } from '../../model/doctor.js'
import type { Register } from '../register/register.js'
import { listSites, type SiteRecord } from '../register/sites.js'
import type { Observed } from '../sites/observed.js'
import { planReconcile } from '../sites/plan-reconcile.js'

/** Whether there is a container for every site, no other, and each is what is wanted. */
export async function examineSites(register: Register, observed: Observed): Promise<Check[]> {
  if (!(await observed.refresh())) return [unknownCheck('platform.sites', 'the agent does not answer')]
  return [judgeSites(await listSites(register.db), observed.all())]
}

/** Pure. A site without its data is broken; one that does not run, or that nobody knows, a warning. */
export function judgeSites(sites: SiteRecord[], statuses: ContainerStatus[]): Check {
  const { orphans, missing, held } = planReconcile(sites, statuses)
  const byId = new Map(statuses.map((status) => [status.id, status]))
  const failed = sites.filter(({ name, wanted }) => wanted === 'running' && byId.get(name)?.phase === 'failed')
  const signs: Sign[] = [
    ...missing.map((name) => sign(name, '–', 'a container')),
    ...failed.map(({ name }) => sign(name, 'failed', 'running')),
    ...held.map((name) => sign(name, 'running', 'stopped')),
    ...orphans.map((name) => sign(name, 'a container', '–')),
  ]
  return judge('platform.sites', signs, missing.length > 0 ? 'broken' : 'warning')
}
