import { domainToUnicode } from 'node:url'
import type { PlatformCertificate } from '../../model/certificate.js'
import type { ListedName } from '../../model/domain.js'
import { listAllDomains, listReleased } from '../register/domains.js'
import { listOwners } from '../register/sites.js'
import type { SitesContext } from './context.js'
import { describeDomain } from './judge-domain.js'

type Context = Pick<SitesContext, 'register' | 'naming' | 'names' | 'certificates' | 'now'>

/** Every name of every site, and those that were given up lately: three questions to the register, none to anybody else, however many there are. */
export async function listAllNames({ register, naming, names, certificates, now }: Context): Promise<ListedName[]> {
  const [owners, domains, released] = await Promise.all([
    listOwners(register.db),
    listAllDomains(register.db),
    listReleased(register.db, now().toISOString()),
  ])
  const sites = new Map(owners.filter(({ lifecycle }) => lifecycle !== 'removing').map((site) => [site.name, site]))
  const given = [...sites.values()].map(({ name: site, owner }): ListedName => {
    const name = naming.platformName(site)
    const dns = names.find(name)
    return { name, title: name, state: 'platform', site, owner, ...(dns && { dns }) }
  })
  const own = domains.flatMap((domain): ListedName[] => {
    const owner = sites.get(domain.site)?.owner
    if (owner === undefined) return []
    const certificate = domain.proof === null ? undefined : certificates.stateOf([domain.name])
    return [{ ...describeDomain(domain), site: domain.site, owner, ...(certificate && { certificate }) }]
  })
  // Who had it, or who proved it, may have it again.
  const taken = new Set([...given, ...own].map(({ name }) => name))
  const free = released
    .filter(({ name }) => !taken.has(name))
    .map(({ name, owner, until }): ListedName => {
      return { name, title: domainToUnicode(name), state: 'released', owner, freeAt: until }
    })
  return [...given, ...own, ...free]
}

/** Where the certificates of the platform's own names stand. */
export function listPlatformCertificates({
  naming: { panel, baseDomain },
  certificates,
}: Pick<Context, 'naming' | 'certificates'>): PlatformCertificate[] {
  return [[panel], [baseDomain, `*.${baseDomain}`]].flatMap((names) => {
    const state = certificates.stateOf(names)
    return state ? [{ names, ...state }] : []
  })
}
