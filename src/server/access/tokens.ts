import { createHash, randomBytes } from 'node:crypto'
import { AppError } from '../../model/errors.js'
import { MOST_TOKENS, type PersonToken, type TokenScope } from '../../model/profile.js'
import { isRecent } from '../is-recent.js'
import { newId } from '../new-id.js'
import type { Changes } from '../operations/changes.js'
import type { Register } from '../register/register.js'
import { findSite } from '../register/sites.js'
import {
  deleteExpiredTokens,
  deleteTokens,
  findToken,
  findTokenByHash,
  insertToken,
  listTokens,
  noteTokenUse,
  type TokenRecord,
} from '../register/tokens.js'
import type { Directory, DirectoryPerson } from './directory.js'
import type { Requester } from './requester.js'

/** Tokens of people for programs. The program has a random secret; the register has its hash. */
export interface Tokens {
  create(
    login: string,
    wanted: { name: string; scope: TokenScope; site?: string | undefined; days: number },
  ): Promise<{
    token: PersonToken
    secret: string
  }>
  list(login: string): Promise<PersonToken[]>
  remove(login: string, id: string): Promise<void>
  /** Who has that secret; undefined when it is worth nothing. AppError `unavailable` when the directory has not vouched for the person lately. */
  resume(secret: string, address: string): Promise<Requester | undefined>
  /** Who a token is of now, for streams that stay open. */
  look(id: string): Promise<Requester | undefined>
}

interface Parts {
  register: Register
  directory: Directory | undefined
  changes: Changes
  now: () => Date
}

const DAY_MS = 86_400_000
const CHECK_MS = 25_000
/** How long the last word of a directory that does not answer counts. */
const TRUST_MS = 15 * 60_000
const USE_STEP_MS = 60_000
const PREFIX = 'ruche_'

export function openTokens(parts: Parts): Tokens {
  const { register, changes, now } = parts
  const vouch = openVouching(parts)
  const identify = async (row: TokenRecord | undefined): Promise<Requester | undefined> => {
    if (!row || row.expires_at <= now().toISOString()) return undefined
    const person = await vouch(row.login)
    if (!person) return undefined
    // A site that was made anew under the same name is another one.
    if (row.site !== null && (await findSite(register.db, row.site))?.uuid !== row.site_uuid) return undefined
    const { id, scope, site } = row
    const administrator = person.administrator && site === null
    return {
      login: row.login,
      name: person.name,
      administrator,
      root: false,
      token: { id, scope, site: site ?? undefined },
    }
  }
  return {
    async create(login, { name, scope, site, days }) {
      const secret = `${PREFIX}${randomBytes(32).toString('base64url')}`
      const at = now()
      const found = site === undefined ? undefined : await findSite(register.db, site)
      const row: TokenRecord = {
        id: newId(),
        login,
        name,
        hash: hashOf(secret),
        scope,
        site: found?.name ?? null,
        site_uuid: found?.uuid ?? null,
        created_at: at.toISOString(),
        expires_at: new Date(at.getTime() + days * DAY_MS).toISOString(),
        last_used_at: null,
        last_used_from: null,
      }
      await register.change(async (queries) => {
        await deleteExpiredTokens(queries, at.toISOString())
        if ((await listTokens(queries, login)).length >= MOST_TOKENS)
          throw new AppError('limit_reached', `You have ${MOST_TOKENS} tokens already; remove one first.`)
        await insertToken(queries, row)
      })
      return { token: present(row), secret }
    },
    list: async (login) => (await listTokens(register.db, login)).map(present),
    async remove(login, id) {
      const gone = await deleteTokens(register.db, login, id)
      if (gone.length === 0) throw new AppError('not_found', 'There is no such token.')
      changes.publish({ type: 'sessionGone', session: id })
    },
    async resume(secret, address) {
      const row = secret.startsWith(PREFIX) ? await findTokenByHash(register.db, hashOf(secret)) : undefined
      const who = await identify(row)
      if (row && who && !(row.last_used_at !== null && isRecent(Date.parse(row.last_used_at), now(), USE_STEP_MS)))
        await noteTokenUse(register.db, row.id, now().toISOString(), address)
      return who
    },
    look: async (id) => identify(await findToken(register.db, id)),
  }
}

/** Asks the directory about a person, unless it has just answered; for a while its last word stands for it. */
function openVouching({ directory, now }: Parts): (login: string) => Promise<DirectoryPerson | undefined> {
  const words = new Map<string, { person: DirectoryPerson | undefined; atMs: number }>()
  return async (login) => {
    const last = words.get(login)
    if (last && isRecent(last.atMs, now(), CHECK_MS)) return last.person
    try {
      if (!directory) throw new AppError('unavailable', 'No directory is configured.')
      const person = await directory.find(login)
      words.set(login, { person, atMs: now().getTime() })
      return person
    } catch (error) {
      if (last && isRecent(last.atMs, now(), TRUST_MS)) return last.person
      throw error
    }
  }
}

function present(row: TokenRecord): PersonToken {
  return {
    id: row.id,
    name: row.name,
    scope: row.scope,
    ...(row.site !== null && { site: row.site }),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    ...(row.last_used_at !== null && { lastUsedAt: row.last_used_at }),
    ...(row.last_used_from !== null && { lastUsedFrom: row.last_used_from }),
  }
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
