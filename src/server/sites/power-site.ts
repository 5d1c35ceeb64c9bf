import type { Operation } from '../../model/operation.js'
import type { Work } from '../operations/operations.js'
import { updateSite } from '../register/sites.js'
import type { By, SitesContext } from './context.js'
import { getReadySite } from './ready-site.js'

/** Starts a site, and from now on brings it back. */
export function startSite(context: SitesContext, name: string, by: By): Promise<Operation> {
  return power(context, name, by, 'site.start', 'running', (work) => start(context, name, by, work))
}

/** Stops a site cleanly, and leaves it stopped. */
export function stopSite(context: SitesContext, name: string, by: By): Promise<Operation> {
  return power(context, name, by, 'site.stop', 'stopped', (work) => stop(context, name, by, work))
}

/** Stops a site cleanly and starts it again. */
export function restartSite(context: SitesContext, name: string, by: By): Promise<Operation> {
  return power(context, name, by, 'site.restart', 'running', async (work) => {
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

export async function start({ engine, observed }: SitesContext, name: string, by: By, work: Work): Promise<void> {
  work.note({ step: 'start' })
  observed.note(await engine.start(name, { actor: by, note: work.note, signal: work.signal }))
}

export async function stop({ engine, observed }: SitesContext, name: string, by: By, work: Work): Promise<void> {
  work.note({ step: 'stop' })
  const { clean } = await engine.stop(name, { actor: by, note: work.note, signal: work.signal })
  if (!clean) work.note({ step: 'stop', message: 'something had to be ended by force after its time to stop' })
  const status = await engine.find(name)
  if (status) observed.note(status)
}
