import type { Dependencies } from '../dependencies.js'
import { deployCommit, readDeployState } from '../sites/deploy-site.js'
import type { RouteTable } from './route-table.js'

export function deployRoutes(dependencies: Dependencies): Pick<RouteTable, 'deployState' | 'undoDeploy'> {
  return {
    deployState: (_, { who, site }) => readDeployState(dependencies, site.name, who.login),
    undoDeploy: async (_, { who, site }) => ({
      operation: (await deployCommit(dependencies, site.name, who.login)).id,
    }),
  }
}
