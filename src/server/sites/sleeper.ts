import { AppError } from '../../model/errors.js'
import { listSites, updateSite } from '../register/sites.js'
import type { SitesContext } from './context.js'
import { planSleepers, planWakers } from './plan-sleep.js'
import { startSite } from './power-site.js'
import { sleepIdleSite } from './sleep-site.js'

/** Up this long before something of its own is due. */
const EARLY_MS = 20_000

/** Lets sites fall asleep that nobody uses, and wakes those of which something is due. Visitors wake a site without it. */
export interface Sleeper {
  /** One look; resolves when what it found is done. */
  run(): Promise<void>
}

/** `takeVisits`: when somebody last came to each site that was visited since it was last asked, in milliseconds since 1970. */
export function openSleeper(context: SitesContext, takeVisits: () => Map<string, number>): Sleeper {
  const { register, observed, changes, now, log } = context
  const use = { sinceMs: now().getTime(), lastMs: new Map<string, number>() }
  const used = (name: string, atMs = now().getTime()) => use.lastMs.set(name, Math.max(use.lastMs.get(name) ?? 0, atMs))
  changes.subscribe((change) => {
    if (change.type === 'operation' && change.operation.kind !== 'site.sleep') used(change.operation.subject)
    if (change.type === 'siteGone') use.lastMs.delete(change.name)
  })
  const letSleep = async (name: string, act: () => Promise<unknown>) => {
    try {
      await act()
    } catch (error) {
      // Somebody is connected, or at work in it: that is use.
      if (error instanceof AppError && error.code === 'busy') used(name)
      else if (!(error instanceof AppError && error.code === 'conflict'))
        log.warn({ site: name, err: error }, 'a site could not be put to sleep')
    }
  }
  return {
    async run() {
      for (const [name, atMs] of takeVisits()) used(name, atMs)
      if (!observed.answers()) return
      const sites = await listSites(register.db)
      const statuses = observed.all()
      for (const site of planSleepers(sites, statuses, use, now().getTime()))
        await letSleep(site.name, () => sleepIdleSite(context, site))
      for (const { name } of planWakers(sites, statuses, now().getTime() + EARLY_MS)) {
        await updateSite(register.db, name, { wake_at: null })
        await letSleep(name, () => startSite(context, name, 'system'))
      }
    },
  }
}
