import type { Work } from '../operations/operations.js'
import { findSite, updateSite } from '../register/sites.js'
import type { By, SitesContext } from './context.js'
import { missing } from './ready-site.js'
import { planSpec } from './spec.js'

/** Gives the engine the site's spec as the register has it now, and remembers which generation that was. */
export async function applySpec(context: SitesContext, name: string, by: By, work: Work): Promise<void> {
  const { register, engine, observed } = context
  const site = await findSite(register.db, name)
  if (!site) throw missing(name)
  const status = observed.find(name) ?? (await engine.find(name))
  const spec = planSpec(site, context, site.template ?? status?.template)
  work.note({ step: 'update' })
  observed.note(await engine.update(spec, { actor: by, note: work.note, signal: work.signal }))
  await register.change((queries) => updateSite(queries, name, { applied: site.generation }))
}
