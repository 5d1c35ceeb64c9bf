import { isRecent } from '../is-recent.js'
import type { Log } from '../log.js'
import type { Changes } from '../operations/changes.js'
import { savePerson } from '../register/people.js'
import type { Register } from '../register/register.js'
import { deleteSessionsOf, findSession, type SessionRecord, updateSession } from '../register/sessions.js'
import type { Directory, DirectoryPerson } from './directory.js'

interface Parts {
  register: Register
  directory: Directory | undefined
  changes: Changes
  log: Log
  now: () => Date
}

/** The session with what the directory says now, when its last word is old; undefined when it says that the person is gone. */
export type Recheck = (row: SessionRecord) => Promise<SessionRecord | undefined>

const CHECK_MS = 25_000
/** A page is not kept waiting longer than this: the answer that comes later still ends the session. */
const PATIENCE_MS = 1500
/** After a silence the directory is left alone for so long. */
const REST_MS = 10_000

/** Asks the directory again about the people of sessions, one question per person at a time. */
export function openRecheck(parts: Parts): Recheck {
  const { register, directory, now } = parts
  const asking = new Map<string, Promise<void>>()
  let silentAtMs = Number.NEGATIVE_INFINITY

  const ask = async (source: Directory, row: SessionRecord) => {
    try {
      await take(parts, row, await source.find(row.login))
    } catch (error) {
      silentAtMs = now().getTime()
      parts.log.info({ login: row.login, err: error }, 'the directory could not be asked again')
    }
  }
  return async (row) => {
    const isKnown = isRecent(Date.parse(row.checked_at), now(), CHECK_MS)
    if (!directory || isKnown || isRecent(silentAtMs, now(), REST_MS)) return row
    const running = asking.get(row.id) ?? ask(directory, row).finally(() => asking.delete(row.id))
    asking.set(row.id, running)
    const inTime = await Promise.race([running.then(() => true), patience()])
    // Whoever asks next does not wait for it again; the answer that comes later counts all the same.
    if (!inTime) silentAtMs = now().getTime()
    return findSession(register.db, row.id)
  }
}

async function take(parts: Parts, row: SessionRecord, person: DirectoryPerson | undefined): Promise<void> {
  const { register, now } = parts
  if (!person || person.login !== row.login || person.directoryId !== row.directory_id) return end(parts, row.login)
  const roles = rolesOf(person)
  const changed = row.administrator !== roles.administrator || row.creator !== roles.creator
  await register.change(async (queries) => {
    const change = { ...roles, checked_at: now().toISOString(), ...(changed && { rotate: 1 }) }
    await updateSession(queries, row.id, change)
    if (changed) await savePerson(queries, row.login, roles)
  })
}

async function end({ register, changes, log }: Parts, login: string): Promise<void> {
  const ids = await deleteSessionsOf(register.db, login)
  await savePerson(register.db, login, { administrator: 0, creator: 0 })
  log.info({ login }, 'signed out: the directory does not let this person in any more')
  for (const session of ids) changes.publish({ type: 'sessionGone', session })
}

/** The columns of what the directory says about a person. */
export function rolesOf({ name, administrator, creator }: DirectoryPerson): {
  name: string
  administrator: number
  creator: number
} {
  return { name, administrator: administrator ? 1 : 0, creator: creator ? 1 : 0 }
}

function patience(): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), PATIENCE_MS).unref()
  })
}
