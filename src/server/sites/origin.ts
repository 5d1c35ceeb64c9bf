import { randomUUID } from 'node:crypto'
import type { CallContext, Engine } from '../../engine/engine.js'
import type { ContainerSpec, ContainerStatus } from '../../model/container.js'
import type { SiteRecord } from '../register/sites.js'
import type { SitesContext } from './context.js'

/** Where the data of a site that is being made comes from; it is in the register as long as that goes on, so that after a crash it goes on with it. */
export type Origin =
  | { kind: 'site'; name: string; uuid: string; environment: string }
  | { kind: 'backup'; uuid: string; backup: string; environment?: string; isItself?: boolean }
  /** A deleted site that comes back as itself. */
  | { kind: 'trash'; site: SiteRecord }

/** What of another site's identity, secrets and past a new one gets: all of it when it is the same, its code's variables when it is a copy. */
export function identityOf({ variables }: Pick<SitesContext, 'variables'>, origin: Origin | undefined) {
  if (origin?.kind === 'trash') {
    const { uuid, environment, keys, sftp_generation, database_generation } = origin.site
    const kept = { uuid, environment, sftp_generation, database_generation, sftp_keys: JSON.stringify(keys) }
    return { ...kept, origin: JSON.stringify(origin) }
  }
  // An archive from elsewhere is the first backup of the site that comes of it.
  const uuid = origin?.kind === 'backup' && origin.isItself ? origin.uuid : randomUUID()
  if (!origin) return { uuid }
  const environment = origin.environment && variables.seal(uuid, variables.open(origin.uuid, origin.environment))
  return { uuid, origin: JSON.stringify(origin), ...(environment && { environment }) }
}

/** Makes the site's container, with the data that it begins with; a copy of a site begins on what that one runs on. */
export function makeFromOrigin(
  engine: Engine,
  site: SiteRecord,
  spec: ContainerSpec,
  call: CallContext,
): Promise<ContainerStatus> {
  const origin = site.origin === null ? undefined : (JSON.parse(site.origin) as Origin)
  const { template: _, ...anyTemplate } = spec
  switch (origin?.kind) {
    case undefined:
      return engine.create(spec, call)
    case 'site':
      return engine.copy(origin.name, anyTemplate, call)
    case 'backup':
      return engine.backups(origin.uuid).restoreAs(spec, origin.backup, call)
    case 'trash':
      return engine.untrash(site.uuid, spec, call)
  }
}
