import { AppError } from '../../model/errors.js'
import { CANARY_ID } from '../../model/names.js'
import type { Work } from '../operations/operations.js'
import { listSites, type SiteRecord } from '../register/sites.js'
import type { By, SitesContext } from './context.js'
import { lookAtPage, rankPage, sayPage, settledPage } from './page-health.js'
import { planSpec } from './spec.js'

/**
 * Starts a throw-away copy of a running site on another template, sealed: without network, addresses or names. AppError `host_failed` when its page
 * answers worse than that of the site itself, which goes on meanwhile.
 */
export async function tryOnCopy(
  context: SitesContext,
  site: SiteRecord,
  template: string,
  by: By,
  work: Work,
): Promise<void> {
  const { engine, naming, register } = context
  const host = naming.platformName(site.name)
  const call = { actor: by, note: work.note, signal: work.signal }
  work.note({ step: 'canary', message: `a copy of ${site.name}` })
  const before = await lookAtPage(engine, site.name, host)
  const { address, sftpPort } = planFarPlace(context, await listSites(register.db))
  const spec = { ...planSpec(site, context, template), id: CANARY_ID, address, sftpPort, sealed: true }
  // What a server that was killed has left.
  await engine.destroy(CANARY_ID, call)
  try {
    await engine.copy(site.name, spec, call)
    await engine.start(CANARY_ID, call)
    work.note({ step: 'check' })
    const after = await settledPage(engine, CANARY_ID, host, before)
    if (rankPage(after) > rankPage(before))
      throw new AppError('host_failed', `its page answers ${sayPage(after)} instead of ${sayPage(before)}`)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw new AppError('host_failed', `A copy of ${site.name} did worse on the new template: ${error.message}.`, {
      hint: 'No site was touched. Build the template again when its cause is mended.',
      cause: error,
    })
  } finally {
    await engine.destroy(CANARY_ID, { actor: by })
    context.observed.forget(CANARY_ID)
  }
}

/** The highest free address and port: new sites get the lowest. Pure. AppError `limit_reached` when every one is taken. */
export function planFarPlace(
  { naming }: Pick<SitesContext, 'naming'>,
  sites: Pick<SiteRecord, 'address' | 'sftp_port'>[],
): { address: number; sftpPort: number } {
  const address = highestFree(naming.addresses, new Set(sites.map((site) => site.address)))
  const sftpPort = highestFree(naming.sftpPorts, new Set(sites.map((site) => site.sftp_port)))
  if (address !== undefined && sftpPort !== undefined) return { address, sftpPort }
  throw new AppError('limit_reached', 'No address is left for a copy to try the template on.')
}

function highestFree({ first, last }: { first: number; last: number }, taken: Set<number>): number | undefined {
  for (let n = last; n >= first; n--) if (!taken.has(n)) return n
  return undefined
}
