import type { Operation } from '../../model/operation.js'
import type { Work } from '../operations/operations.js'
import { updateSite } from '../register/sites.js'
import type { By, SitesContext } from './context.js'
import { findMove, moveSite } from './move-site.js'
import { getReadySite } from './ready-site.js'
import { start, stop } from './run-site.js'

/** Starts a site, and from now on brings it back. */
export function startSite(context: SitesContext, name: string, by: By): Promise<Operation> {
  return power(context, name, by, 'site.start', 'running', async (work) => {
    if (!(await startOnNewer(context, name, by, work))) await start(context, name, by, work)
  })
}

/** Stops a site cleanly, and leaves it stopped. */
export function stopSite(context: SitesContext, name: string, by: By): Promise<Operation> {
  return power(context, name, by, 'site.stop', 'stopped', (work) => stop(context, name, by, work))
}

/** Stops a site cleanly and starts it again. */
export function restartSite(context: SitesContext, name: string, by: By): Promise<Operation> {
  return power(context, name, by, 'site.restart', 'running', async (work) => {
    if (await startOnNewer(context, name, by, work)) return
    await stop(context, name, by, work)
    await start(context, name, by, work)
  })
}

async function power(
  context: SitesContext,
  name: string,
  by: By,
  kind: 'site.start' | 'site.stop' | 'site.restart',
  wanted: 'running' | 'stopped',
  run: (work: Work) => Promise<void>,
): Promise<Operation> {
  const prepare = () =>
    context.register.change(async (queries) => {
      await getReadySite(queries, name)
      await updateSite(queries, name, { wanted })
    })
  const { operation } = await context.operations.begin({ kind, subject: name, by, prepare, run })
  return operation
}

/** A site moves to a newer template when somebody starts it anyway; false when there is none for it. */
async function startOnNewer(context: SitesContext, name: string, by: By, work: Work): Promise<boolean> {
  const site = await getReadySite(context.register.db, name)
  const to = await findMove(context, site)
  if (to === undefined) return false
  const outcome = await moveSite(context, site, { template: to }, by, work, true)
  if (!outcome.moved) work.note({ step: 'start', message: `it runs on its former template: ${outcome.reason}` })
  return true
}
