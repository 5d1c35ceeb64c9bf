import { stackName } from '../../model/stack.js'
import type { Dependencies } from '../dependencies.js'
import { checkStack } from '../sites/check-stack.js'
import type { RouteTable } from './route-table.js'

type Names = 'platform' | 'runDoctor' | 'listTemplates' | 'buildTemplate' | 'removeTemplate'

export function platformRoutes(dependencies: Dependencies): Pick<RouteTable, Names> {
  const { engine, naming, directory, proxyState, caFile, operations, templateBuilds, names, doctor } = dependencies
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
    listTemplates: async () => ({ templates: await engine.templates() }),
    async buildTemplate({ body: { stack, force } }, { who }) {
      const { operation } = await operations.begin({
        kind: 'template.build',
        subject: stackName(stack),
        by: who.login,
        cancellable: true,
        prepare: async () => checkStack(await engine.choices(), stack),
        run: async (work) => {
          await templateBuilds.build(stack, force === true, who.login, work.note, work.signal)
        },
      })
      return { operation: operation.id }
    },
    async removeTemplate({ params }, { who }) {
      await engine.removeTemplate(params.digest, { actor: who.login })
      return {}
    },
  }
}
