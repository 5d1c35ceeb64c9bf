import { AppError } from '../../model/errors.js'
import { DEFAULT_LIMITS } from '../../model/limits.js'
import type { Site } from '../../model/site.js'
import { DEFAULT_STACK } from '../../model/stack.js'
import { rightsOn } from '../access/allowed.js'
import type { Requester } from '../access/requester.js'
import type { Dependencies } from '../dependencies.js'
import { listSites, listSitesWith, type SiteRecord } from '../register/sites.js'
import { findNameProblem, proposeName } from '../sites/check-name.js'
import { createSite } from '../sites/create-site.js'
import { mergeLimits } from '../sites/merge-limits.js'
import { getModel, listModels, planModelOrigin } from '../sites/models.js'
import { presentSite } from '../sites/present-site.js'
import { setIdleTime } from '../sites/sleep-site.js'
import { decideOwner } from './decide-owner.js'
import { checkVouch } from './domains.js'
import type { RouteTable } from './route-table.js'

type Names = 'siteDefaults' | 'checkName' | 'listSites' | 'createSite' | 'getSite' | 'setIdleTime'

export function siteRoutes(dependencies: Dependencies): Pick<RouteTable, Names> {
  const { register, naming, engine } = dependencies
  const show = (who: Requester, site: SiteRecord): Site => presentSite(dependencies, site, rightsOn(who, site))
  return {
    async siteDefaults(_, { who }) {
      const choices = await engine.choices()
      const name = await proposeName(dependencies, register.db, who.login)
      const models = await listModels(register.db, who.login)
      return { name, baseDomain: naming.baseDomain, stack: DEFAULT_STACK, limits: DEFAULT_LIMITS, choices, models }
    },
    async checkName({ params }, { who }) {
      const reason = await findNameProblem(dependencies, register.db, params.name, who.login)
      return { free: reason === undefined, ...(reason !== undefined && { reason }) }
    },
    async listSites({ query }, { who }) {
      const all = query.all === 'true'
      if (all && !who.administrator) throw new AppError('forbidden', 'Only administrators see every site.')
      const sites = await (all ? listSites(register.db) : listSitesWith(register.db, who.login))
      return { sites: sites.map((site) => show(who, site)).filter(({ rights }) => rights.includes('view')) }
    },
    async createSite({ body }, { who }) {
      const owner = await decideOwner(dependencies, who, body.owner)
      const model = body.model === undefined ? undefined : await getModel(register.db, body.model, who.login)
      const site = {
        name: body.name,
        owner,
        stack: body.stack ?? model?.stack ?? DEFAULT_STACK,
        limits: mergeLimits(model?.limits ?? DEFAULT_LIMITS, body.limits),
        domains: body.domains ?? [],
        vouch: checkVouch(who, body.vouch),
        start: body.start ?? true,
        ...(model && { packages: model.packages, origin: planModelOrigin(model, owner) }),
      }
      const { operation, prepared } = await createSite(dependencies, site, who.login)
      return { operation: operation.id, site: show(who, prepared) }
    },
    getSite: async (_, { who, site }) => show(who, site),
    async setIdleTime({ body }, { who, site }) {
      if (body.idleMinutes === null && !who.administrator)
        throw new AppError('forbidden', 'Only administrators let a site stay awake for ever.', {
          hint: 'Choose a longer time, or ask an administrator.',
        })
      return show(who, await setIdleTime(dependencies, site.name, body.idleMinutes))
    },
  }
}
