import type { Dependencies } from '../dependencies.js'
import { changeEnvironment } from '../sites/change-environment.js'
import type { RouteTable } from './route-table.js'

export function environmentRoutes(
  dependencies: Dependencies,
): Pick<RouteTable, 'siteEnvironment' | 'changeEnvironment'> {
  return {
    async siteEnvironment({ query }, { site }) {
      const values = dependencies.variables.open(site.uuid, site.environment)
      return { names: Object.keys(values), ...(query.values === 'true' && { values }) }
    },
    async changeEnvironment({ body }, { who, site }) {
      return { operation: (await changeEnvironment(dependencies, site.name, body.variables, who.login)).id }
    },
  }
}
