import type { Operation } from '../../model/operation.js'
import { findSite, updateSite } from '../register/sites.js'
import type { By, SitesContext } from './context.js'
import { missing } from './ready-site.js'
import { removeSite } from './remove-site.js'

/** Removes a site, also one whose creation or removal was cut short. What it held stays in the trash unless it is purged. */
export async function destroySite(
  context: SitesContext,
  name: string,
  { purge }: { purge: boolean },
  by: By,
): Promise<Operation> {
  const { operation } = await context.operations.begin({
    kind: 'site.destroy',
    subject: name,
    by,
    prepare: () =>
      context.register.change(async (queries) => {
        const site = await findSite(queries, name)
        if (!site) throw missing(name)
        // One that never came to be has nothing to keep; one that is being purged already stays so.
        const purged = purge || site.purged === 1 || site.lifecycle === 'creating' ? 1 : 0
        await updateSite(queries, name, { lifecycle: 'removing', wanted: 'stopped', purged })
        return { ...site, purged }
      }),
    run: (work, site) => removeSite(context, site, by, work),
  })
  return operation
}
