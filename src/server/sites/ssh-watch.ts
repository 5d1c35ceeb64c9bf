import type { SshLogin, SshLook } from '../../model/ssh.js'
import { findSite } from '../register/sites.js'
import type { SitesContext } from './context.js'
import { deployPush } from './deploy-site.js'
import { fingerprintOf } from './person-keys.js'

/** Looks at the SSH of sites while somebody is at it: takes up what was pushed. */
export interface SshWatch {
  close(): void
}

const FIRST_MS = 1000
const AGAIN_MS = 2000
/** Whoever is not let in after this long will not be. */
const SETTLED_LOOKS = 20

/** Somebody who came in with the site's password: nobody knows who. */
export const SITE_PASSWORD = 'site-password'

export function openSshWatch(context: SitesContext): SshWatch {
  const timers = new Map<string, NodeJS.Timeout>()
  const look = async (name: string, count: number) => {
    const found = await context.engine.ssh(name)
    await takeUp(context, name, found)
    if (isBusy(found) && (count < SETTLED_LOOKS || hasGit(found))) plan(name, AGAIN_MS, count + 1)
  }
  const plan = (name: string, pauseMs: number, count: number) => {
    if (timers.has(name)) return
    const timer = setTimeout(() => {
      timers.delete(name)
      look(name, count).catch((error: unknown) =>
        context.log.info({ site: name, err: error }, 'who is in by SSH could not be seen'),
      )
    }, pauseMs)
    timer.unref()
    timers.set(name, timer)
  }
  const leave = context.changes.subscribe((change) => {
    if (change.type === 'ssh') plan(change.name, FIRST_MS, 0)
  })
  return {
    close() {
      leave()
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}

const hasGit = ({ sessions, request }: SshLook): boolean =>
  request !== undefined || sessions.some(({ isOpen, login }) => isOpen && login?.user === 'git')

/** Something may still come: a push, or somebody who is not let in yet. */
const isBusy = (found: SshLook): boolean =>
  hasGit(found) || found.sessions.some(({ isOpen, login }) => isOpen && login === undefined)

async function takeUp(context: SitesContext, name: string, { sessions, request }: SshLook): Promise<void> {
  if (!request) return
  const logins = sessions.flatMap(({ login }) => (login?.user === 'git' ? [login] : []))
  const owners = await mapOwners(context, name)
  await deployPush(context, name, request, findPusher(logins, request.fingerprint, owners))
}

/** Pure. The site's own word on who pushes counts only when that key is really in. */
export function findPusher(
  logins: readonly SshLogin[],
  claimed: string | undefined,
  owners: ReadonlyMap<string, string>,
): string {
  const only = new Set(logins.map(({ fingerprint }) => fingerprint))
  const fingerprint = claimed !== undefined && only.has(claimed) ? claimed : only.size === 1 ? [...only][0] : undefined
  return (fingerprint !== undefined && owners.get(fingerprint)) || SITE_PASSWORD
}

/** Whose keys open the site, by fingerprint. Keys of the site itself are nobody's in particular. */
async function mapOwners({ register }: SitesContext, name: string): Promise<Map<string, string>> {
  const site = await findSite(register.db, name)
  return new Map((site?.peopleKeys ?? []).map(({ line, login }) => [fingerprintOf(line.split(' ')[1] ?? ''), login]))
}
