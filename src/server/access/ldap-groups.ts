import {
  AndFilter,
  type Client,
  EqualityFilter,
  type Filter,
  InvalidDNSyntaxError,
  NoSuchObjectError,
  OrFilter,
  SizeLimitExceededError,
} from 'ldapts'
import type { DirectorySettings } from './ldap-connection.js'
import { plainDn } from './ldap-entry.js'

const KINDS_OF_GROUP = ['groupOfNames', 'groupOfUniqueNames', 'posixGroup', 'group']

/** The DN of the one group with this name, or at this DN; undefined when there is none, or more than one. */
export async function findGroupDn(
  client: Client,
  settings: DirectorySettings,
  text: string,
): Promise<string | undefined> {
  const isGroup = new OrFilter({
    filters: KINDS_OF_GROUP.map((value) => new EqualityFilter({ attribute: 'objectClass', value })),
  })
  const named = new AndFilter({ filters: [isGroup, new EqualityFilter({ attribute: 'cn', value: text })] })
  const isDn = text.includes('=')
  // A DN outside the part of the directory that is ours is nobody's group.
  if (isDn && !plainDn(text).endsWith(`,${plainDn(settings.base_dn)}`)) return undefined
  try {
    const { searchEntries } = await client.search(isDn ? text : settings.base_dn, {
      scope: isDn ? 'base' : 'sub',
      filter: isDn ? isGroup : named,
      attributes: ['1.1'],
      sizeLimit: 2,
    })
    return searchEntries.length === 1 ? searchEntries[0]?.dn : undefined
  } catch (error) {
    if (
      error instanceof NoSuchObjectError ||
      error instanceof SizeLimitExceededError ||
      error instanceof InvalidDNSyntaxError
    )
      return undefined
    throw error
  }
}

const MOST_GROUPS = 500
const DEEPEST = 8

/** Which of the wanted groups a person is in, by `memberOf` or by what the groups themselves say. */
export async function findGroups(
  client: Client,
  settings: DirectorySettings,
  person: { dn: string; login: string; memberOf: string[] },
  wanted: string[],
): Promise<Set<string>> {
  const found = new Set(person.memberOf.map(plainDn))
  const isIn = () => wanted.filter((group) => found.has(plainDn(group)))
  if (isIn().length < wanted.length) {
    const direct = await searchGroups(client, settings, [...memberFilters(person.dn), uidFilter(person.login)])
    for (const dn of direct) found.add(plainDn(dn))
    if (settings.nested_groups) await climb(client, settings, [...person.memberOf, ...direct], found)
  }
  return new Set(isIn())
}

// Upwards from the person: their groups are few, while a school's groups may have thousands of members.
async function climb(client: Client, settings: DirectorySettings, first: string[], found: Set<string>): Promise<void> {
  let level = first
  for (let depth = 0; depth < DEEPEST && level.length > 0 && found.size < MOST_GROUPS; depth++) {
    const above = await searchGroups(client, settings, level.flatMap(memberFilters))
    level = above.filter((dn) => !found.has(plainDn(dn)))
    for (const dn of level) found.add(plainDn(dn))
  }
}

function memberFilters(dn: string): Filter[] {
  return ['member', 'uniqueMember'].map((attribute) => new EqualityFilter({ attribute, value: dn }))
}

function uidFilter(login: string): Filter {
  return new EqualityFilter({ attribute: 'memberUid', value: login })
}

async function searchGroups(client: Client, settings: DirectorySettings, filters: Filter[]): Promise<string[]> {
  try {
    const { searchEntries } = await client.search(settings.base_dn, {
      scope: 'sub',
      filter: new OrFilter({ filters }),
      attributes: ['1.1'],
      sizeLimit: MOST_GROUPS,
    })
    return searchEntries.map((entry) => entry.dn)
  } catch (error) {
    if (error instanceof NoSuchObjectError) return []
    throw error
  }
}
