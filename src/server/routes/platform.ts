import type { Dependencies } from '../dependencies.js'
import type { RouteTable } from './route-table.js'

type Names = 'platform' | 'runDoctor'

export function platformRoutes(dependencies: Dependencies): Pick<RouteTable, Names> {
  const { engine, naming, directory, proxyState, caFile, names, doctor } = dependencies
  return {
    async platform() {
      const [host, reachable] = await Promise.all([
        engine.hostStatus().catch(() => undefined),
        directory?.isReachable() ?? Promise.resolve(undefined),
      ])
      return {
        ...(host && { host }),
        baseDomain: naming.baseDomain,
        panelUrl: `${naming.panelOrigin}/`,
        ...(caFile !== undefined && { caFile }),
        directory: reachable === undefined ? 'none' : reachable ? 'reachable' : 'unreachable',
        proxy: proxyState(),
        dns: names.status(),
      }
    },
    runDoctor: (_, { who }) => doctor.run(who.login),
  }
}
