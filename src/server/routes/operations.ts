import { OPERATIONS_PER_PAGE } from '../../model/api/operations.js'
import { AppError } from '../../model/errors.js'
import type { Operation } from '../../model/operation.js'
import { rightsOn } from '../access/allowed.js'
import type { Requester } from '../access/requester.js'
import type { Dependencies } from '../dependencies.js'
import { findSite, listSitesWith } from '../register/sites.js'
import { maySeeOperation } from './event-feed.js'
import type { RouteTable } from './route-table.js'

type Names = 'listOperations' | 'searchOperations' | 'getOperation' | 'cancelOperation'

export function operationRoutes(dependencies: Dependencies): Pick<RouteTable, Names> {
  const { operations, register } = dependencies
  return {
    async listOperations(_, { who }) {
      if (who.administrator) return { operations: await operations.list() }
      const sites = await listSitesWith(register.db, who.login)
      const own = await operations.list({ by: who.login, sites })
      // A token may be for one site only.
      const bySite = new Map(sites.map((site) => [site.name, site]))
      return { operations: own.filter((operation) => maySeeOperation(who, operation, bySite.get(operation.subject))) }
    },
    async searchOperations({ query: { site, person, ...search } }) {
      return operations.search({ ...search, subject: site, by: person, size: OPERATIONS_PER_PAGE })
    },
    getOperation: ({ params }, { who }) => getVisible(dependencies, who, params.id),
    async cancelOperation({ params }, { who }) {
      const { by, subject } = await getVisible(dependencies, who, params.id)
      const site = await findSite(register.db, subject)
      if (by !== who.login && !who.administrator && !(site && rightsOn(who, site).includes('power')))
        throw new AppError('forbidden', 'Your right on this site does not go that far.')
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
