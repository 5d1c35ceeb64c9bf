import type { ContainerSpec } from '../../model/container.js'
import type { SiteRecord } from '../register/sites.js'
import type { Passwords } from '../secrets/passwords.js'
import type { SealedVariables } from '../secrets/sealed-variables.js'
import type { Naming } from './naming.js'

/** What a spec is made of besides the register. */
export interface SpecSources {
  passwords: Passwords
  variables: SealedVariables
  naming: Naming
}

/** What the engine is to run for a site. `template` absent: the newest of the stack, for a creation. */
export function planSpec(
  site: SiteRecord,
  { passwords, variables, naming }: SpecSources,
  template?: string,
): ContainerSpec {
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
      environment: variables.open(site.uuid, site.environment),
    },
  }
}
