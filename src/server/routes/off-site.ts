import type { offSiteApi } from '../../model/api/off-site.js'
import type { Dependencies } from '../dependencies.js'
import { fetchCopy, getCopy, listOffSite, restoreCopy } from '../sites/off-site-copies.js'
import { decideOwner } from './decide-owner.js'
import type { RouteTable } from './route-table.js'
import { started } from './started.js'

export function offSiteRoutes(dependencies: Dependencies): Pick<RouteTable, keyof typeof offSiteApi> {
  return {
    fetchBackup: ({ params }, { who, site }) =>
      started(fetchCopy(dependencies, { key: site.uuid, id: params.id }, site.name, who.login)),
    listOffSite: () => listOffSite(dependencies),
    fetchOffSite: async ({ params }, { who }) => {
      const { site } = await getCopy(dependencies, params)
      return started(fetchCopy(dependencies, params, site, who.login))
    },
    async restoreOffSite({ params, body }, { who }) {
      const owner = await decideOwner(dependencies, who, body.owner)
      return started(restoreCopy(dependencies, params, { name: body.name, owner }, who.login))
    },
  }
}
