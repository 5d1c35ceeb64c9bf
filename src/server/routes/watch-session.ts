import type { SiteRight } from '../../model/site.js'
import { rightsOn } from '../access/allowed.js'
import type { Requester } from '../access/requester.js'
import type { Dependencies } from '../dependencies.js'
import { findSite } from '../register/sites.js'

const LOOK_MS = 15_000

type Parts = Pick<Dependencies, 'sessions' | 'tokens' | 'changes' | 'log' | 'register'>

/** What an open answer rests on, besides its session. */
export interface Needed {
  site: string
  right: SiteRight
}

/**
 * For answers that stay open: tells once when the session that they came by is over or its rights are others now, or when the person has lost the
 * right that is `needed`. Answers how to stop watching.
 */
export function watchSession(parts: Parts, who: Requester, onOver: () => void, needed?: Needed): () => void {
  if (who.root) return () => undefined
  let ended = false
  const look = async () => {
    if (ended || (await isGood(parts, who, needed))) return
    if (!ended) onOver()
    stop()
  }
  const lookSoon = () => {
    look().catch((error: unknown) => parts.log.error({ err: error }, 'a session could not be looked at'))
  }
  const leave = parts.changes.subscribe((change) => {
    const isOurs =
      (change.type === 'sessionGone' && change.session === (who.session ?? who.token?.id)) ||
      ((change.type === 'rights' || change.type === 'siteGone') && change.name === needed?.site)
    if (isOurs) lookSoon()
  })
  const timer = setInterval(lookSoon, LOOK_MS)
  const stop = () => {
    ended = true
    clearInterval(timer)
    leave()
  }
  return stop
}

async function isGood(
  { sessions, tokens, register }: Parts,
  who: Requester,
  needed: Needed | undefined,
): Promise<boolean> {
  const now = who.token ? await tokens.look(who.token.id) : who.session && (await sessions.look(who.session))
  if (!now) return false
  if (now.administrator !== who.administrator) return false
  if (!needed) return true
  const site = await findSite(register.db, needed.site)
  return site !== undefined && rightsOn(now, site).includes(needed.right)
}
