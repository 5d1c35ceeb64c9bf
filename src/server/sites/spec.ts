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

/** Every key that opens the site, each once whoever has it. */
export function planKeys({ keys, peopleKeys }: Pick<SiteRecord, 'keys' | 'peopleKeys'>): string[] {
  const byBlob = new Map<string, string>()
  for (const line of [...keys, ...peopleKeys.map((key) => key.line)]) byBlob.set(line.split(' ')[1] ?? line, line)
  return [...byBlob.values()]
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
      sftpKeys: planKeys(site),
      databasePassword: passwords.database(site),
      environment: variables.open(site.uuid, site.environment),
    },
  }
}
