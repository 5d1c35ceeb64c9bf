import type { Certificates } from '../certificates/local-ca.js'
import type { CertificateFiles } from '../certificates/sign.js'
import { isPlatformName, type SiteRoute } from './routes.js'

const AT_ONCE = 8

/** Certificates for all routes. A name that could get none is left out of the sites, so that it costs no other name anything. */
export interface RouteCertificates {
  panel: CertificateFiles
  platform: CertificateFiles
  own: { name: string; certificate: CertificateFiles }[]
  sites: SiteRoute[]
  leftOut: string[]
  /** The name sets in use. */
  sets: string[][]
}

export async function ensureRouteCertificates(
  certificates: Certificates,
  { panel, baseDomain, sites }: { panel: string; baseDomain: string; sites: readonly SiteRoute[] },
): Promise<RouteCertificates> {
  const platformNames = [baseDomain, `*.${baseDomain}`]
  const names = sites.flatMap(({ domains }) => domains).filter((domain) => !isPlatformName(domain, baseDomain))
  const own: RouteCertificates['own'] = []
  const failed = new Map<string, string>()
  await forEach(names, async (name) => {
    try {
      own.push({ name, certificate: await certificates.ensure([name]) })
    } catch (error) {
      failed.set(name, error instanceof Error ? error.message : String(error))
    }
  })
  own.sort((a, b) => (a.name < b.name ? -1 : 1))
  return {
    panel: await certificates.ensure([panel]),
    platform: await certificates.ensure(platformNames),
    own,
    sites: sites.map((site) => ({ ...site, domains: site.domains.filter((domain) => !failed.has(domain)) })),
    leftOut: [...failed].map(([name, why]) => `${name}: no certificate (${why})`),
    sets: [[panel], platformNames, ...names.map((name) => [name])],
  }
}

async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values()
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (const item of rest) await work(item)
  })
  await Promise.all(workers)
}
