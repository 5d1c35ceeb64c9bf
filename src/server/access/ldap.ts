import { randomBytes } from 'node:crypto'
import {
  type Client,
  type Entry,
  EqualityFilter,
  InvalidCredentialsError,
  OrFilter,
  SizeLimitExceededError,
} from 'ldapts'
import type { Directory, DirectoryPerson } from './directory.js'
import { bindForSearch, type DirectorySettings, withConnection } from './ldap-connection.js'
import { directoryIdOf, ENTRY_ATTRIBUTES, isDisabled, loginOf, valuesOf } from './ldap-entry.js'
import { findGroupDn, findGroups } from './ldap-groups.js'
import { normaliseLogin } from './login-name.js'
import { wrongPair } from './wrong-pair.js'

/** Logins in one question: a filter of a few kilobytes. */
const ASKED_AT_ONCE = 100

/** The organisation's LDAP directory (RFC 4511). */
export function openLdap(settings: DirectorySettings, now: () => Date): Directory {
  return {
    async signIn(text, password) {
      const login = normaliseLogin(text)
      // An empty password is an unauthenticated bind (RFC 4513 §5.1.2), which many directories answer with success.
      if (login === undefined || password === '' || password.includes('\0')) throw wrongPair()
      const found = await withConnection(settings, (client) => look(client, settings, login, now()))
      await prove(settings, found?.dn, password)
      if (!found) throw wrongPair()
      return found.person
    },
    async find(text) {
      const login = normaliseLogin(text)
      if (login === undefined) return undefined
      return (await withConnection(settings, (client) => look(client, settings, login, now())))?.person
    },
    findGroup: (text) => withConnection(settings, (client) => findGroup(client, settings, text)),
    async isMember(text, groups) {
      const login = normaliseLogin(text)
      if (login === undefined || groups.length === 0) return false
      return withConnection(settings, (client) => isIn(client, settings, login, groups, now()))
    },
    async listLetIn(logins) {
      const found = new Map<string, string | null>()
      if (logins.length === 0) return found
      await withConnection(settings, async (client) => {
        await bindForSearch(client, settings)
        for (let n = 0; n < logins.length; n += ASKED_AT_ONCE)
          await lookAtMany(client, settings, logins.slice(n, n + ASKED_AT_ONCE), now(), found)
      })
      return found
    },
    async isReachable() {
      try {
        await withConnection(settings, async (client) => {
          await bindForSearch(client, settings)
          await client.search(settings.base_dn, { scope: 'base', attributes: ['1.1'] })
        })
        return true
      } catch {
        return false
      }
    },
  }
}

async function findGroup(client: Client, settings: DirectorySettings, text: string): Promise<string | undefined> {
  await bindForSearch(client, settings)
  return findGroupDn(client, settings, text)
}

async function isIn(
  client: Client,
  settings: DirectorySettings,
  login: string,
  groups: readonly string[],
  now: Date,
): Promise<boolean> {
  await bindForSearch(client, settings)
  const entry = await findEntry(client, settings, login)
  if (!entry || isDisabled(entry, now)) return false
  const canonical = loginOf(entry, settings.login_attribute)
  if (canonical === undefined) return false
  const person = { dn: entry.dn, login: canonical, memberOf: valuesOf(entry, 'memberOf') }
  return (await findGroups(client, settings, person, [...groups])).size > 0
}

async function look(
  client: Client,
  settings: DirectorySettings,
  login: string,
  now: Date,
): Promise<{ dn: string; person: DirectoryPerson } | undefined> {
  await bindForSearch(client, settings)
  const entry = await findEntry(client, settings, login)
  if (!entry || isDisabled(entry, now)) return undefined
  const canonical = loginOf(entry, settings.login_attribute)
  if (canonical === undefined) return undefined
  const { administrators_group: administrators, creators_group: creators } = settings
  const wanted = [administrators, creators].filter((group) => group !== undefined)
  const memberOf = valuesOf(entry, 'memberOf')
  const groups = await findGroups(client, settings, { dn: entry.dn, login: canonical, memberOf }, wanted)
  return {
    dn: entry.dn,
    person: {
      login: canonical,
      name: shownName(valuesOf(entry, settings.name_attribute)[0]) || canonical,
      administrator: administrators !== undefined && groups.has(administrators),
      creator: creators !== undefined && groups.has(creators),
      directoryId: directoryIdOf(entry),
    },
  }
}

// Without characters that break lines or turn the direction of what stands beside it.
function shownName(text = ''): string {
  return text.replace(/\p{C}/gu, '').trim().slice(0, 200)
}

async function findEntry(client: Client, settings: DirectorySettings, login: string): Promise<Entry | undefined> {
  try {
    const { searchEntries } = await client.search(settings.base_dn, {
      scope: 'sub',
      // The library escapes the value (RFC 4515).
      filter: new EqualityFilter({ attribute: settings.login_attribute, value: login }),
      attributes: [settings.login_attribute, settings.name_attribute, ...ENTRY_ATTRIBUTES],
      explicitBufferAttributes: ['objectGUID'],
      sizeLimit: 2,
    })
    // Two entries of one name: nobody can say whose password would be asked for.
    return searchEntries.length === 1 ? searchEntries[0] : undefined
  } catch (error) {
    if (error instanceof SizeLimitExceededError) return undefined
    throw error
  }
}

/** One question about many; of two entries with one login neither counts, as when they sign in. */
async function lookAtMany(
  client: Client,
  settings: DirectorySettings,
  logins: readonly string[],
  now: Date,
  found: Map<string, string | null>,
): Promise<void> {
  const { searchEntries } = await client.search(settings.base_dn, {
    scope: 'sub',
    filter: new OrFilter({
      filters: logins.map((value) => new EqualityFilter({ attribute: settings.login_attribute, value })),
    }),
    attributes: [settings.login_attribute, ...ENTRY_ATTRIBUTES],
    explicitBufferAttributes: ['objectGUID'],
  })
  const entries = searchEntries.flatMap((entry) => {
    const login = loginOf(entry, settings.login_attribute)
    return login === undefined ? [] : [{ login, entry }]
  })
  for (const { login, entry } of entries) {
    const isOnly = entries.filter((other) => other.login === login).length === 1
    if (isOnly && logins.includes(login) && !isDisabled(entry, now)) found.set(login, directoryIdOf(entry))
  }
}

// Nobody of that name: the directory is asked all the same, so that the answer takes as long.
async function prove(settings: DirectorySettings, dn: string | undefined, password: string): Promise<void> {
  const asked = dn ?? `uid=${randomBytes(8).toString('hex')},${settings.base_dn}`
  await withConnection(settings, async (client) => {
    try {
      await client.bind(asked, password)
    } catch (error) {
      if (error instanceof InvalidCredentialsError || dn === undefined) throw wrongPair(error)
      throw error
    }
  })
}
