import { join } from 'node:path'
import type { CertificateState, OwnCertificate } from '../../model/certificate.js'
import type { Configuration } from '../../model/configuration.js'
import { type AcmeParts, openAcme } from './acme/open-acme.js'
import { type Certificates, openCertificates } from './local-ca.js'
import { openOwnCertificates } from './own/own-certificates.js'
import { preferOwn } from './own/prefer-own.js'

/** Every kind of certificate behind one door: an owner's, an authority's by ACME, the local one's, in this order. */
export interface AllCertificates {
  certificates: Certificates
  /** What the sites need of them, one name at a time. */
  ofSites: {
    ensure(names: readonly string[]): Promise<void>
    stateOf(names: readonly string[]): CertificateState | undefined
    setOwn(name: string, given: OwnCertificate): Promise<void>
    removeOwn(name: string): Promise<boolean>
  }
  close(): void
}

export async function openAllCertificates({
  configuration: { names, certificates: settings },
  ...parts
}: Omit<AcmeParts, 'settings'> & { configuration: Configuration }): Promise<AllCertificates> {
  const folder = join(parts.libFolder, 'certificates')
  const local = await openCertificates(folder, [names.base_domain, names.panel])
  const automatic = await openAcme(local, { settings, ...parts })
  const own = await openOwnCertificates(join(folder, 'own'), parts.now)
  const certificates = preferOwn(automatic.certificates, own)
  return {
    certificates,
    ofSites: {
      async ensure(domains) {
        for (const domain of domains) await certificates.ensure([domain])
      },
      stateOf: (set) => own.state(set.join()) ?? automatic.stateOf(set),
      setOwn: own.set,
      removeOwn: own.remove,
    },
    close: automatic.close,
  }
}
