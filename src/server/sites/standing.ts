import type { Directory } from '../access/directory.js'
import { deleteCollaborationsOf } from '../register/collaborators.js'
import { deleteKeysOf } from '../register/keys.js'
import { listPeople, savePerson } from '../register/people.js'
import type { Queries } from '../register/register.js'
import { deleteSessionsOf } from '../register/sessions.js'
import { insiders, listSites } from '../register/sites.js'
import { deleteTokens } from '../register/tokens.js'
import type { SitesContext } from './context.js'
import { listOpenedBy } from './person-keys.js'
import { ROOT } from './quota.js'
import { applyAccess, markAccess } from './ssh-access.js'

const BY = 'system'

/** What the directory has come to say of a person since it was asked last. */
type Turn = 'gone' | 'back' | 'replaced' | 'met'

interface Known {
  gone_at: string | null
  directory_id: string | null
}

/**
 * Asks the directory about everybody who may come into a site by SSH, also those who never opened the panel, in few questions. Who is not let in any more
 * loses it here: their keys open nothing, the passwords that they knew are others, what they have open ends. Who is back has their keys again.
 */
export async function checkStanding(context: SitesContext, directory: Directory | undefined): Promise<void> {
  if (!directory) return
  const { register, log } = context
  const logins = await listInsiders(register.db)
  const letIn = await directory.listLetIn(logins).catch((error: unknown) => {
    log.info({ err: error }, 'the directory could not be asked who is still let in')
    return undefined
  })
  if (!letIn) return
  const people = new Map((await listPeople(register.db)).map((person) => [person.login, person]))
  const changed = new Set<string>()
  for (const login of logins) {
    const turn = planTurn(people.get(login), letIn.get(login))
    if (turn === undefined) continue
    const names = await take(context, { login, turn, directoryId: letIn.get(login) ?? null })
    for (const name of names) changed.add(name)
  }
  await applyAccess(context, [...changed], BY)
}

/** Pure. `directoryId`: what the directory calls the person, null when it says nothing of it; undefined when it does not let them in. */
export function planTurn(known: Known | undefined, directoryId: string | null | undefined): Turn | undefined {
  if (directoryId === undefined) return known?.gone_at ? undefined : 'gone'
  if (known && known.directory_id !== null && known.directory_id !== directoryId) return 'replaced'
  if (known?.gone_at) return 'back'
  return known?.directory_id === directoryId ? undefined : 'met'
}

async function listInsiders(queries: Queries): Promise<string[]> {
  const sites = await listSites(queries)
  const logins = new Set(sites.flatMap(({ owner, collaborators }) => insiders(owner, collaborators)))
  logins.delete(ROOT)
  return [...logins]
}

async function take(
  { register, changes, log, now }: SitesContext,
  { login, turn, directoryId }: { login: string; turn: Turn; directoryId: string | null },
): Promise<string[]> {
  const ended: string[] = []
  const names = await register.change(async (queries) => {
    // Before the shares of a namesake are taken away: they are what the sites must forget.
    const opened = await listOpenedBy(queries, login)
    if (turn === 'replaced') {
      await deleteKeysOf(queries, login)
      await deleteCollaborationsOf(queries, login)
    }
    if (turn === 'replaced' || turn === 'gone')
      ended.push(...(await deleteSessionsOf(queries, login)), ...(await deleteTokens(queries, login)))
    await savePerson(queries, login, {
      gone_at: turn === 'gone' ? now().toISOString() : null,
      ...(turn !== 'gone' && { directory_id: directoryId }),
    })
    if (turn === 'met') return []
    await markAccess(queries, opened, turn !== 'back')
    return opened
  })
  for (const session of ended) changes.publish({ type: 'sessionGone', session })
  if (turn !== 'met') log.info({ login, turn, sites: names }, 'the directory says something else of this person')
  return names
}
