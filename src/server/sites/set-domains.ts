import type { Operation } from '../../model/operation.js'
import { replaceDomains } from '../register/sites.js'
import { changeSite } from './change-site.js'
import { checkDomains } from './check-domains.js'
import type { By, SitesContext } from './context.js'

/** The whole list of the site's own domain names, besides its platform name. */
export function setDomains(context: SitesContext, name: string, domains: string[], by: By): Promise<Operation> {
  const { naming, now, routing, ensureCertificates } = context
  const at = now().toISOString()
  return changeSite(context, name, by, {
    kind: 'site.domains',
    async write(queries, site) {
      await checkDomains(queries, naming, site, domains)
      await replaceDomains(queries, name, domains, at)
    },
    revert: (queries, before) => replaceDomains(queries, name, before.domains, at),
    async after(work) {
      work.note({ step: 'certificate' })
      await ensureCertificates(domains)
      work.note({ step: 'proxy' })
      await routing.refresh()
    },
  })
}
