import * as z from 'zod'
import { OwnCertificate } from '../certificate.js'
import { SiteDomain } from '../domain.js'
import { DomainName } from '../domain-name.js'
import { Id, SiteName } from '../names.js'
import { ofSite, Started, table } from './entry.js'

const ofDomain = z.object({ name: SiteName, domain: DomainName })
/** The domain as it is now, and what is being done since it may be served. */
const Seen = z.object({ domain: SiteDomain, operation: Id.optional() }).meta({ id: 'SeenDomain' })

/** Domain names of a site's own, besides its platform name. */
export const domainsApi = table({
  /** All of them, in their order. */
  listDomains: {
    method: 'GET',
    path: '/api/sites/:name/domains',
    access: 'site.manage',
    params: ofSite,
    result: z.object({ domains: z.array(SiteDomain) }),
  },
  /**
   * Asks for a name. It serves nothing before its record was found, or an administrator has vouched for it. `conflict` when it is another site's; one that another
   * has asked for and not proven goes to who proves it: publish the record first, then ask.
   */
  addDomain: {
    method: 'POST',
    path: '/api/sites/:name/domains',
    access: 'site.manage',
    params: ofSite,
    body: z.object({ domain: DomainName, vouch: z.boolean().optional() }).strict(),
    result: Seen,
  },
  /** Looks at DNS now, at the servers of the name's own zone. What is found proven is served from then on. */
  checkDomain: {
    method: 'POST',
    path: '/api/sites/:name/domains/:domain/check',
    access: 'site.manage',
    untold: true,
    params: ofDomain,
    result: Seen,
  },
  /** Takes a name away. */
  removeDomain: {
    method: 'DELETE',
    path: '/api/sites/:name/domains/:domain',
    access: 'site.manage',
    params: ofDomain,
    result: Started,
  },
  /** Serves a name with a certificate of the owner's own. `invalid` when browsers would not take it, `conflict` while the name is not proven. */
  setCertificate: {
    method: 'PUT',
    path: '/api/sites/:name/domains/:domain/certificate',
    access: 'site.manage',
    params: ofDomain,
    body: OwnCertificate,
    result: Started,
  },
  /** Forgets it: the platform's own is served again. */
  removeCertificate: {
    method: 'DELETE',
    path: '/api/sites/:name/domains/:domain/certificate',
    access: 'site.manage',
    params: ofDomain,
    result: Started,
  },
})
