import type { SiteRight } from '../../model/site.js'
import { findRefusal } from '../access/allowed.js'
import type { Requester } from '../access/requester.js'
import type { Dependencies } from '../dependencies.js'
import { findSite } from '../register/sites.js'
import { watchSession } from './watch-session.js'

const LOOK_MS = 15_000

/** As watchSession, for what stays open to a site: tells once when the session is over, or that right on the site. */
export function watchRight(
  dependencies: Dependencies,
  who: Requester,
  { site, right }: { site: string; right: SiteRight },
  onOver: () => void,
): () => void {
  const over = (): void => {
    stop()
    onOver()
  }
  const unwatch = watchSession(dependencies, who, over)
  const timer = setInterval(() => {
    findSite(dependencies.register.db, site)
      .then((now) => findRefusal(who, { access: `site.${right}`, method: 'GET' }, now) && over())
      .catch((error: unknown) => dependencies.log.error({ err: error }, 'a right could not be looked at'))
  }, LOOK_MS)
  const stop = (): void => {
    clearInterval(timer)
    unwatch()
  }
  return stop
}
