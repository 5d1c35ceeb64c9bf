import { AppError } from '../../model/errors.js'
import type { ModelFor, SiteModel } from '../../model/site-model.js'
import type { Queries } from '../register/register.js'
import { listSites, type SiteRecord, updateSite } from '../register/sites.js'
import type { SitesContext } from './context.js'
import type { Origin } from './origin.js'
import { getReadySite } from './ready-site.js'

/** Makes a site a model of new sites, or none any more. */
export async function setModel(context: SitesContext, name: string, modelFor: ModelFor): Promise<SiteRecord> {
  const site = await context.register.change(async (queries) => {
    await getReadySite(queries, name)
    await updateSite(queries, name, { model_for: modelFor })
    return getReadySite(queries, name)
  })
  context.changes.publish({ type: 'site', name })
  return site
}

const mayUse = (site: SiteRecord, login: string): boolean =>
  site.lifecycle === 'ready' && (site.model_for === 'everybody' || (site.model_for === 'owner' && site.owner === login))

/** The models from which a person's sites may begin, in the order of their names. */
export async function listModels(queries: Queries, login: string): Promise<SiteModel[]> {
  const models = (await listSites(queries)).filter((site) => mayUse(site, login))
  return models
    .map(({ name, owner, stack, limits }) => ({ name, owner, stack, limits }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** AppError `not_found` when there is no such model for that person. */
export async function getModel(queries: Queries, name: string, login: string): Promise<SiteRecord> {
  const site = (await listSites(queries)).find((one) => one.name === name)
  if (site && mayUse(site, login)) return site
  const message = `There is no model called ${name}.`
  throw new AppError('not_found', message, { fields: [{ path: 'model', message }] })
}

/** What a copy of a model begins with. The secrets of its code are its owner's alone. */
export function planModelOrigin({ name, uuid, owner, environment }: SiteRecord, login: string): Origin {
  return { kind: 'site', name, uuid, environment: owner === login ? environment : '' }
}
