import type { Dependencies } from '../dependencies.js'
import { renderPrometheus } from '../metrics/render-prometheus.js'
import { listAllNames, listPlatformCertificates } from '../sites/all-names.js'
import type { RouteTable } from './route-table.js'

type Names = 'platform' | 'listAllNames' | 'readAudit' | 'runDoctor' | 'metrics'

export function platformRoutes(dependencies: Dependencies): Pick<RouteTable, Names> {
  const { engine, naming, directory, proxyState, caFile, names, doctor, observed, meters, publicAddresses } =
    dependencies
  return {
    async platform() {
      const [host, reachable] = await Promise.all([
        engine.hostStatus().catch(() => undefined),
        directory?.isReachable() ?? Promise.resolve(undefined),
      ])
      return {
        ...(host && { host }),
        baseDomain: naming.baseDomain,
        mostSites: Math.min(countOf(naming.addresses), countOf(naming.sftpPorts)),
        panelUrl: `${naming.panelOrigin}/`,
        ...(caFile !== undefined && { caFile }),
        directory: reachable === undefined ? 'none' : reachable ? 'reachable' : 'unreachable',
        proxy: proxyState(),
        dns: names.status(),
        publicAddresses: publicAddresses.status(),
        certificates: listPlatformCertificates(dependencies),
      }
    },
    listAllNames: async () => ({
      names: await listAllNames(dependencies),
      certificates: listPlatformCertificates(dependencies),
    }),
    readAudit: ({ query }, { who }) => engine.readAudit(query, { actor: who.login }),
    runDoctor: (_, { who }) => doctor.run(who.login),
    async metrics(_, { reply }) {
      reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
      const host = await engine.hostStatus().catch(() => undefined)
      return renderPrometheus(host, host ? observed.all() : [], meters.totals())
    },
  }
}

const countOf = ({ first, last }: { first: number; last: number }): number => last - first + 1
