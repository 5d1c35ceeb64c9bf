import type { Dependencies } from '../dependencies.js'
import { rotatePassword, setSftpKeys } from '../sites/credentials.js'
import { destroySite } from '../sites/destroy-site.js'
import { rollBackSite } from '../sites/move-site.js'
import { restartSite, startSite, stopSite } from '../sites/power-site.js'
import { setLimits } from '../sites/set-limits.js'
import { presentAccess } from '../sites/site-access.js'
import { sleepSite } from '../sites/sleep-site.js'
import type { RouteTable } from './route-table.js'
import { started } from './started.js'

type Names =
  | 'startSite'
  | 'stopSite'
  | 'restartSite'
  | 'rollBackSite'
  | 'sleepSite'
  | 'destroySite'
  | 'setLimits'
  | 'siteAccess'
  | 'rotatePassword'
  | 'setSftpKeys'

export function siteVerbRoutes(dependencies: Dependencies): Pick<RouteTable, Names> {
  return {
    startSite: (_, { who, site }) => started(startSite(dependencies, site.name, who.login)),
    stopSite: (_, { who, site }) => started(stopSite(dependencies, site.name, who.login)),
    restartSite: (_, { who, site }) => started(restartSite(dependencies, site.name, who.login)),
    sleepSite: (_, { who, site }) => started(sleepSite(dependencies, site.name, who.login)),
    rollBackSite: (_, { who, site }) => started(rollBackSite(dependencies, site.name, who.login)),
    destroySite: ({ query }, { who, site }) =>
      started(destroySite(dependencies, site.name, { purge: query.purge === 'true' }, who.login)),
    setLimits: ({ body }, { who, site }) => started(setLimits(dependencies, site.name, body, who.login)),
    siteAccess: (_, { site }) => presentAccess(dependencies, site),
    rotatePassword: ({ body }, { who, site }) =>
      started(rotatePassword(dependencies, site.name, body.which, who.login)),
    setSftpKeys: async ({ body }, { who, site }) => started(setSftpKeys(dependencies, site.name, body.keys, who.login)),
  }
}
