import type { Operation } from '../../model/operation.js'
import { findSite, updateSite } from '../register/sites.js'
import type { By, SitesContext } from './context.js'
import { missing } from './ready-site.js'
import { removeSite } from './remove-site.js'

/** Removes a site for good, also one whose creation or removal was cut short. */
export async function destroySite(context: SitesContext, name: string, by: By): Promise<Operation> {
  const { operation } = await context.operations.begin({
    kind: 'site.destroy',
    subject: name,
    by,
    prepare: () =>
      context.register.change(async (queries) => {
        const site = await findSite(queries, name)
        if (!site) throw missing(name)
        await updateSite(queries, name, { lifecycle: 'removing', wanted: 'stopped' })
        return site
      }),
    run: (work, site) => removeSite(context, site, by, work),
  })
  return operation
}
