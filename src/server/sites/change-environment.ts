import { check } from '../../model/check.js'
import { Environment, type EnvironmentChange, mergeEnvironment } from '../../model/environment.js'
import type { Operation } from '../../model/operation.js'
import { updateSite } from '../register/sites.js'
import { changeSite } from './change-site.js'
import type { By, SitesContext } from './context.js'

/** Sets and takes away variables of the site's own code, whose programs are started anew with them. */
export function changeEnvironment(
  context: SitesContext,
  name: string,
  change: EnvironmentChange,
  by: By,
): Promise<Operation> {
  const { variables } = context
  return changeSite(context, name, by, {
    kind: 'site.environment',
    async write(queries, site) {
      const merged = mergeEnvironment(variables.open(site.uuid, site.environment), change)
      const environment = variables.seal(site.uuid, check(Environment, merged, 'The environment'))
      await updateSite(queries, name, { environment })
    },
    revert: (queries, before) => updateSite(queries, name, { environment: before.environment }),
  })
}
