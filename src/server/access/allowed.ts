import type { Access } from '../../model/api/entry.js'
import { AppError } from '../../model/errors.js'
import { SITE_RIGHTS, type SiteRight } from '../../model/site.js'
import type { Requester } from './requester.js'

type Person = Pick<Requester, 'login' | 'administrator' | 'root'>

/** What an administrator may do with anybody's site: everything but reading and writing what is in it. */
const ADMINISTRATOR_RIGHTS: readonly SiteRight[] = ['view', 'power', 'manage', 'delete']

/** What this person may do with a site of that owner. */
export function rightsOn(who: Person, site: { owner: string }): SiteRight[] {
  if (who.root || site.owner === who.login) return [...SITE_RIGHTS]
  return who.administrator ? [...ADMINISTRATOR_RIGHTS] : []
}

/**
 * May this person do what a route of that access does? Undefined when yes, else the refusal. `site` is the one that the route names,
 * undefined when there is none of that name.
 */
export function findRefusal(who: Person | undefined, access: Access, site?: { owner: string }): AppError | undefined {
  if (access === 'public') return undefined
  if (!who) return new AppError('unauthenticated', 'Sign in first.')
  if (access === 'person') return undefined
  if (access === 'administrator')
    return who.administrator ? undefined : new AppError('forbidden', 'Only administrators may do this.')
  if (!site) return new AppError('not_found', 'There is no site of this name.')
  const right = access.slice('site.'.length) as SiteRight
  const rights = rightsOn(who, site)
  if (rights.includes(right)) return undefined
  return rights.length > 0
    ? new AppError('forbidden', 'What is in a site is its owner’s alone.')
    : new AppError('forbidden', 'This site belongs to somebody else.')
}
