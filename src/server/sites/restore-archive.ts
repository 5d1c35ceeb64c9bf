import { randomUUID } from 'node:crypto'
import type { Operation } from '../../model/operation.js'
import { newId } from '../new-id.js'
import type { By, SitesContext } from './context.js'
import { createSite } from './create-site.js'
import { removeAllBackups } from './site-backups.js'

/** Makes a site out of an archive from elsewhere. It is checked whole before anything else is done; the site then has it as its first backup. */
export async function restoreArchive(
  context: SitesContext,
  { name, owner }: { name: string; owner: string },
  archive: AsyncIterable<Uint8Array>,
  by: By,
): Promise<Operation> {
  const uuid = randomUUID()
  const backup = newId()
  try {
    const { stack, limits } = await context.engine.backups(uuid).put(backup, archive, { actor: by })
    const origin = { kind: 'backup', uuid, backup, isItself: true } as const
    const site = { name, owner, stack, limits, domains: [], start: true, origin }
    return (await createSite(context, site, by)).operation
  } catch (error) {
    await removeAllBackups(context, uuid, by).catch((left: unknown) =>
      context.log.warn({ err: left, uuid }, 'an archive that was refused is left'),
    )
    throw error
  }
}
