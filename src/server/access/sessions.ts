import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { PersonSession } from '../../model/profile.js'
import type { Log } from '../log.js'
import type { Changes } from '../operations/changes.js'
import { savePerson } from '../register/people.js'
import type { Register } from '../register/register.js'
import {
  deleteOldSessions,
  deleteSession,
  findSession,
  findSessionByHash,
  insertSession,
  listSessions,
  listSessionsOf,
  type SessionRecord,
  updateSession,
} from '../register/sessions.js'
import type { Directory, DirectoryPerson } from './directory.js'
import { openRecheck, type Recheck, rolesOf } from './recheck.js'
import type { Requester } from './requester.js'

/** A session that a request came by. `newToken`: to be handed out with the answer. */
export interface OpenSession {
  who: Requester & { session: string }
  csrfToken: string
  newToken?: string
  /** False while the directory has been silent for so long that its last word no longer lets anybody change things. */
  fresh: boolean
}

/** Signed-in people. The browser has a random token; the register has its hash. */
export interface Sessions {
  /** `from`: where, and what the browser calls itself. `replaced`: the session that this one takes the place of. */
  signIn(
    person: DirectoryPerson,
    from: SessionOrigin,
    replaced?: string,
  ): Promise<{ token: string; session: OpenSession }>
  /** The session of a token; undefined when it is over. Asks the directory again when its last word is a minute old. */
  resume(token: string): Promise<OpenSession | undefined>
  /** Who a session is of now, for streams that stay open; undefined when it is over. Looking is not using. */
  look(id: string): Promise<Requester | undefined>
  signOut(id: string): Promise<void>
  /** A person's sessions; `current` is marked. */
  list(login: string, current: string | undefined): Promise<PersonSession[]>
  /** Ends those of a person's sessions that `isMeant` says. */
  endOf(login: string, isMeant: (id: string) => boolean): Promise<void>
  isCsrfToken(session: string, token: string): boolean
  /** Asks the directory about everybody who was seen lately, and forgets what is over. */
  sweep(): Promise<void>
}

/** Where a session was begun. */
export interface SessionOrigin {
  address: string
  browser: string
}

const IDLE_MS = 12 * 3_600_000
const WHOLE_MS = 7 * 24 * 3_600_000
const SEEN_STEP_MS = 30_000
const LATELY_MS = 10 * 60_000
/** How long the last word of a directory that does not answer lets people change things; looking goes on. */
const TRUST_MS = 15 * 60_000
const MOST_BROWSER_CHARACTERS = 300
const PREVIOUS_MS = 30_000
const ASKED_AT_ONCE = 8

interface Parts {
  register: Register
  directory: Directory | undefined
  changes: Changes
  secretKey: Buffer
  log: Log
  now: () => Date
}

export function openSessions(parts: Parts): Sessions {
  const { register, secretKey, now } = parts
  const recheck = openRecheck(parts)
  const csrfOf = (id: string) => createHmac('sha256', secretKey).update(`csrf/${id}`).digest('base64url')

  const present = (row: SessionRecord, newToken?: string): OpenSession => ({
    who: { login: row.login, name: row.name, administrator: row.administrator === 1, root: false, session: row.id },
    csrfToken: csrfOf(row.id),
    fresh: age(now(), row.checked_at) <= TRUST_MS,
    ...(newToken !== undefined && { newToken }),
  })
  const rotate = async (row: SessionRecord) => {
    const token = makeToken()
    await updateSession(register.db, row.id, {
      token_hash: hashOf(token),
      previous_hash: row.token_hash,
      previous_until: new Date(now().getTime() + PREVIOUS_MS).toISOString(),
      rotate: 0,
    })
    return token
  }
  return {
    async signIn(person, from, replaced) {
      const token = makeToken()
      const row = newRow(person, from, hashOf(token), now().toISOString())
      await register.change(async (queries) => {
        if (replaced !== undefined) await deleteSession(queries, replaced)
        await insertSession(queries, row)
        await savePerson(queries, person.login, { ...rolesOf(person), last_sign_in_at: row.created_at })
      })
      if (replaced !== undefined) parts.changes.publish({ type: 'sessionGone', session: replaced })
      return { token, session: present(row) }
    },
    async resume(token) {
      const found = await findSessionByHash(register.db, hashOf(token), now().toISOString())
      if (!found || isOver(found, now())) return undefined
      const row = await recheck(found)
      if (!row) return undefined
      if (age(now(), row.seen_at) > SEEN_STEP_MS)
        await updateSession(register.db, row.id, { seen_at: now().toISOString() })
      // A request that came by the token before does not rotate again: its answer may never be read.
      const current = row.token_hash === hashOf(token)
      return present(row, row.rotate === 1 && current ? await rotate(row) : undefined)
    },
    async look(id) {
      const found = await findSession(register.db, id)
      const row = found && !isOver(found, now()) ? await recheck(found) : undefined
      return row && present(row).who
    },
    async signOut(id) {
      await deleteSession(register.db, id)
      parts.changes.publish({ type: 'sessionGone', session: id })
    },
    async list(login, current) {
      const rows = await listSessionsOf(register.db, login)
      return rows.filter((row) => !isOver(row, now())).map((row) => presentOwn(row, current))
    },
    async endOf(login, isMeant) {
      for (const { id } of await listSessionsOf(register.db, login)) {
        if (!isMeant(id)) continue
        await deleteSession(register.db, id)
        parts.changes.publish({ type: 'sessionGone', session: id })
      }
    },
    isCsrfToken(session, token) {
      const [wanted, given] = [hashBytes(csrfOf(session)), hashBytes(token)]
      return timingSafeEqual(wanted, given)
    },
    sweep: () => sweep(parts, recheck),
  }
}

function presentOwn(row: SessionRecord, current: string | undefined): PersonSession {
  return {
    id: row.id,
    createdAt: row.created_at,
    seenAt: row.seen_at,
    ...(row.address !== null && { address: row.address }),
    ...(row.browser !== null && { browser: row.browser }),
    isCurrent: row.id === current,
  }
}

async function sweep({ register, changes, now }: Parts, recheck: Recheck): Promise<void> {
  const before = (ms: number) => new Date(now().getTime() - ms).toISOString()
  for (const session of await deleteOldSessions(register.db, before(IDLE_MS), before(WHOLE_MS)))
    changes.publish({ type: 'sessionGone', session })
  const seen = (await listSessions(register.db)).filter((row) => age(now(), row.seen_at) < LATELY_MS)
  const work = async () => {
    for (let row = seen.pop(); row; row = seen.pop()) await recheck(row)
  }
  // A school has hundreds of people and a minute to ask about them.
  await Promise.all(Array.from({ length: ASKED_AT_ONCE }, work))
}

function newRow(
  person: DirectoryPerson,
  { address, browser }: SessionOrigin,
  tokenHash: string,
  at: string,
): SessionRecord {
  return {
    id: randomBytes(16).toString('hex'),
    token_hash: tokenHash,
    previous_hash: null,
    previous_until: null,
    rotate: 0,
    login: person.login,
    ...rolesOf(person),
    directory_id: person.directoryId,
    created_at: at,
    seen_at: at,
    checked_at: at,
    address: address || null,
    browser: browser.slice(0, MOST_BROWSER_CHARACTERS) || null,
  }
}

function isOver(row: SessionRecord, now: Date): boolean {
  return age(now, row.seen_at) > IDLE_MS || age(now, row.created_at) > WHOLE_MS
}

const age = (now: Date, at: string): number => now.getTime() - Date.parse(at)
const makeToken = (): string => randomBytes(32).toString('base64url')
const hashBytes = (text: string): Buffer => createHash('sha256').update(text).digest()
const hashOf = (token: string): string => hashBytes(token).toString('hex')
