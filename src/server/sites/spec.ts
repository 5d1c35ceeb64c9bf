import type { ContainerSpec } from '../../model/container.js'
import type { SiteRecord } from '../register/sites.js'
import type { Passwords } from '../secrets/passwords.js'
import type { Naming } from './naming.js'

/** What the engine is to run for a site. `template` absent: the newest of the stack, for a creation. */
export function planSpec(site: SiteRecord, passwords: Passwords, naming: Naming, template?: string): ContainerSpec {
  return {
    id: site.name,
    stack: site.stack,
    ...(template !== undefined && { template }),
    address: site.address,
    sftpPort: site.sftp_port,
    limits: site.limits,
    settings: {
      domains: [naming.platformName(site.name), ...site.domains],
      sftpPasswordHash: passwords.sftpHash(site),
      sftpKeys: site.keys,
      databasePassword: passwords.database(site),
      environment: {},
    },
  }
}
