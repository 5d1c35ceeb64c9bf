import { AppError } from '../../model/errors.js'
import type { Operation } from '../../model/operation.js'
import type { Requester } from '../access/requester.js'
import type { Dependencies } from '../dependencies.js'
import { findSite, listSites } from '../register/sites.js'
import { maySeeOperation } from './event-feed.js'
import type { RouteTable } from './route-table.js'

type Names = 'listOperations' | 'getOperation' | 'cancelOperation'

export function operationRoutes(dependencies: Dependencies): Pick<RouteTable, Names> {
  const { operations, register } = dependencies
  return {
    async listOperations(_, { who }) {
      if (who.administrator) return { operations: await operations.list() }
      const sites = await listSites(register.db, who.login)
      return { operations: await operations.list({ by: who.login, sites }) }
    },
    getOperation: ({ params }, { who }) => getVisible(dependencies, who, params.id),
    async cancelOperation({ params }, { who }) {
      await getVisible(dependencies, who, params.id)
      return operations.cancel(params.id)
    },
  }
}

async function getVisible({ operations, register }: Dependencies, who: Requester, id: string): Promise<Operation> {
  const operation = await operations.find(id)
  const site = operation && (await findSite(register.db, operation.subject))
  if (operation && maySeeOperation(who, operation, site)) return operation
  // Somebody else's and none are the same: ids tell nothing.
  throw new AppError('not_found', 'There is no such operation.')
}
