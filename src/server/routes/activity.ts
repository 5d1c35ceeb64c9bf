import type { Dependencies } from '../dependencies.js'
import type { RouteTable } from './route-table.js'

type Names = 'listActivity' | 'listAllActivity'

export function activityRoutes({ activity }: Dependencies): Pick<RouteTable, Names> {
  return {
    listActivity: ({ query }, { site }) => activity.list({ uuid: site.uuid }, query.before),
    listAllActivity: ({ query: { before, ...wanted } }) => activity.list(wanted, before),
  }
}
