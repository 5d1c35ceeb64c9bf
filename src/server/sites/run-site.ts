import type { Work } from '../operations/operations.js'
import type { By, SitesContext } from './context.js'

/** Brings a site's container up and waits for its services. */
export async function start({ engine, observed }: SitesContext, name: string, by: By, work: Work): Promise<void> {
  work.note({ step: 'start' })
  observed.note(await engine.start(name, { actor: by, note: work.note, signal: work.signal }))
}

/** Stops a site's container in order. */
export async function stop({ engine, observed }: SitesContext, name: string, by: By, work: Work): Promise<void> {
  work.note({ step: 'stop' })
  const { clean } = await engine.stop(name, { actor: by, note: work.note, signal: work.signal })
  if (!clean) work.note({ step: 'stop', message: 'something had to be ended by force after its time to stop' })
  const status = await engine.find(name)
  if (status) observed.note(status)
}
