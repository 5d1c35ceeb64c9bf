import { AppError } from '../../model/errors.js'
import type { Operation } from '../../model/operation.js'
import { findSite, type SiteRecord, updateSite } from '../register/sites.js'
import type { By, SitesContext } from './context.js'
import { findNextDue } from './cron-times.js'
import { getReadySite } from './ready-site.js'

const CRONTAB = 'crontab'

/** Puts a site to sleep at somebody's word. */
export async function sleepSite(context: SitesContext, name: string, by: By): Promise<Operation> {
  const { operation } = await context.operations.begin({
    kind: 'site.sleep',
    subject: name,
    by,
    prepare: () => getReadySite(context.register.db, name),
    async run(work, site) {
      work.note({ step: 'stop' })
      await fallAsleep(context, site, by)
    },
  })
  return operation
}

/**
 * Puts a site to sleep that nobody used for its idle time. Nothing begins when it turns out to be in use (AppError `busy`); what begins has succeeded already.
 */
export async function sleepIdleSite(context: SitesContext, site: SiteRecord): Promise<void> {
  await context.operations.begin({
    kind: 'site.sleep',
    subject: site.name,
    by: 'system',
    prepare: () => fallAsleep(context, site, 'system'),
    run: async (work) => work.note({ step: 'stop', message: `nobody came for ${site.idle_minutes} minutes` }),
  })
}

/** First what must wake it, then the sleep: a site that sleeps through its own crontab would be broken. */
async function fallAsleep(context: SitesContext, { name }: SiteRecord, by: By): Promise<void> {
  const { register, engine, observed, now } = context
  const due = findNextDue(await readCrontab(context, name), now())
  await updateSite(register.db, name, { wake_at: due?.toISOString() ?? null })
  observed.note(await engine.sleep(name, { actor: by }))
}

async function readCrontab({ engine }: SitesContext, name: string): Promise<string> {
  try {
    return Buffer.from((await engine.files(name, 'system').read(CRONTAB)).content).toString('utf8')
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return ''
    throw error
  }
}

/** After how long without a visit the site falls asleep; null: never. */
export async function setIdleTime(
  { register, changes }: SitesContext,
  name: string,
  idleMinutes: number | null,
): Promise<SiteRecord> {
  const site = await register.change(async (queries) => {
    await getReadySite(queries, name)
    await updateSite(queries, name, { idle_minutes: idleMinutes })
    return findSite(queries, name)
  })
  changes.publish({ type: 'site', name })
  if (!site) throw new AppError('not_found', `There is no site called ${name}.`)
  return site
}
