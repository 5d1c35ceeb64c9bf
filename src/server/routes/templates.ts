import { stackName } from '../../model/stack.js'
import type { Dependencies } from '../dependencies.js'
import { checkStack } from '../sites/check-stack.js'
import { rollOut } from '../sites/rollout.js'
import { checkTemplates, updateTemplates } from '../sites/template-care.js'
import type { RouteTable } from './route-table.js'
import { started } from './started.js'

type Names =
  | 'listTemplates'
  | 'buildTemplate'
  | 'checkTemplates'
  | 'updateTemplates'
  | 'rollOutTemplates'
  | 'removeTemplate'

export function templateRoutes(dependencies: Dependencies): Pick<RouteTable, Names> {
  const { engine, operations, templateBuilds } = dependencies
  return {
    listTemplates: async () => ({ templates: await engine.templates() }),
    async buildTemplate({ body: { stack, force } }, { who }) {
      const { operation } = await operations.begin({
        kind: 'template.build',
        subject: stackName(stack),
        by: who.login,
        cancellable: true,
        prepare: async () => checkStack(await engine.choices(), stack),
        run: async (work) => {
          await templateBuilds.build({ stack, ...(force && { force }) }, { by: who.login, ...work })
        },
      })
      return { operation: operation.id }
    },
    checkTemplates: (_, { who }) => started(checkTemplates(dependencies, who.login)),
    updateTemplates: ({ body }, { who }) => started(updateTemplates(dependencies, body.missing === true, who.login)),
    rollOutTemplates: ({ body }, { who }) => started(rollOut(dependencies, body.stack, who.login)),
    async removeTemplate({ params }, { who }) {
      await engine.removeTemplate(params.digest, { actor: who.login })
      return {}
    },
  }
}
