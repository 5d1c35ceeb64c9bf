import { AppError } from '../../model/errors.js'
import type { Queries } from '../register/register.js'
import { findSite, type SiteRecord } from '../register/sites.js'

export function missing(name: string): AppError {
  return new AppError('not_found', `There is no site called ${name}.`)
}

/** The site, when nothing is making or removing it: AppError `not_found`, or `busy`. */
export async function getReadySite(queries: Queries, name: string): Promise<SiteRecord> {
  const site = await findSite(queries, name)
  if (!site) throw missing(name)
  if (site.lifecycle === 'ready') return site
  const doing = site.lifecycle === 'creating' ? 'created' : 'deleted'
  throw new AppError('busy', `${name} is being ${doing}.`, { hint: 'Wait until that has ended.' })
}
