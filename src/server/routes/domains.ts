import { AppError } from '../../model/errors.js'
import type { Requester } from '../access/requester.js'
import type { Dependencies } from '../dependencies.js'
import { listDomains } from '../register/domains.js'
import { removeCertificate, setCertificate } from '../sites/domain-certificate.js'
import { addDomain, checkNow, removeDomain } from '../sites/domains.js'
import { presentDomain } from '../sites/judge-domain.js'
import type { RouteTable } from './route-table.js'

type Names = 'listDomains' | 'addDomain' | 'checkDomain' | 'removeDomain' | 'setCertificate' | 'removeCertificate'

export function domainRoutes(dependencies: Dependencies): Pick<RouteTable, Names> {
  const { register, passwords, certificates } = dependencies
  return {
    async listDomains(_, { site }) {
      const domains = await listDomains(register.db, site.name)
      return {
        domains: domains.map((domain) => {
          const certificate = domain.proof === null ? undefined : certificates.stateOf([domain.name])
          return { ...presentDomain(domain, passwords.domainProof(site)), ...(certificate && { certificate }) }
        }),
      }
    },
    addDomain: ({ body }, { who, site }) =>
      addDomain(dependencies, site, { domain: body.domain, vouch: checkVouch(who, body.vouch) }, who.login),
    checkDomain: ({ params }, { who, site }) => checkNow(dependencies, site, params.domain, who.login),
    removeDomain: async ({ params }, { who, site }) => ({
      operation: (await removeDomain(dependencies, site, params.domain, who.login)).id,
    }),
    setCertificate: async ({ params, body }, { who, site }) => ({
      operation: (await setCertificate(dependencies, site, params.domain, body, who.login)).id,
    }),
    removeCertificate: async ({ params }, { who, site }) => ({
      operation: (await removeCertificate(dependencies, site, params.domain, who.login)).id,
    }),
  }
}

/** Whether the person's word stands for a proof. AppError `forbidden` for anybody but administrators. */
export function checkVouch(who: Requester, vouch: boolean | undefined): boolean {
  if (vouch !== true) return false
  if (who.administrator) return true
  throw new AppError('forbidden', 'Only administrators may vouch for a domain.', {
    fields: [{ path: 'vouch', message: 'only for administrators' }],
  })
}
