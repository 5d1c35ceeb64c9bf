import type { stackApi } from '../../model/api/stack.js'
import { rightsOn } from '../access/allowed.js'
import type { Dependencies } from '../dependencies.js'
import { changeStack, undoStack } from '../sites/change-stack.js'
import { setModel } from '../sites/models.js'
import { presentSite } from '../sites/present-site.js'
import { setPackages } from '../sites/set-packages.js'
import type { RouteTable } from './route-table.js'
import { started } from './started.js'

export function stackRoutes(dependencies: Dependencies): Pick<RouteTable, keyof typeof stackApi> {
  return {
    setPackages: ({ body }, { who, site }) => started(setPackages(dependencies, site.name, body.packages, who.login)),
    changeStack: ({ body }, { who, site }) => started(changeStack(dependencies, site.name, body, who.login)),
    undoStack: (_, { who, site }) => started(undoStack(dependencies, site.name, who.login)),
    async setModel({ body }, { who, site }) {
      return presentSite(dependencies, await setModel(dependencies, site.name, body.modelFor), rightsOn(who, site))
    },
  }
}
