import type { ApiEntry } from '../../model/api/entry.js'
import type { CollaboratorRight } from '../../model/collaborator.js'
import { AppError } from '../../model/errors.js'
import { SITE_RIGHTS, type SiteRight } from '../../model/site.js'
import type { Requester } from './requester.js'

type Person = Pick<Requester, 'login' | 'administrator' | 'root' | 'token'>

/** What decides about rights on a site: whose it is, and with whom it is shared. */
export interface SharedSite {
  name: string
  owner: string
  collaborators: readonly { login: string; right: CollaboratorRight }[]
}

/** What an administrator may do with anybody's site: everything but reading and writing what is in it, which deciding who may would be too. */
const ADMINISTRATOR_RIGHTS: readonly SiteRight[] = ['view', 'power', 'manage', 'delete']

const COLLABORATOR_RIGHTS: Record<CollaboratorRight, readonly SiteRight[]> = {
  view: ['view'],
  edit: ['view', 'power', 'edit'],
  manage: ['view', 'power', 'edit', 'manage', 'share'],
}

/** What this person may do with that site; by a token for one site, nothing with another. */
export function rightsOn(who: Person, site: SharedSite): SiteRight[] {
  if (who.token?.site !== undefined && who.token.site !== site.name) return []
  if (who.root || site.owner === who.login) return [...SITE_RIGHTS]
  const share = site.collaborators.find(({ login }) => login === who.login)
  const rights = new Set([
    ...(share ? COLLABORATOR_RIGHTS[share.right] : []),
    ...(who.administrator ? ADMINISTRATOR_RIGHTS : []),
  ])
  return SITE_RIGHTS.filter((right) => rights.has(right))
}

/**
 * May this person do what a route of that access does? Undefined when yes, else the refusal. `site` is the one that the route names,
 * undefined when there is none of that name.
 */
export function findRefusal(
  who: Person | undefined,
  entry: Pick<ApiEntry, 'access' | 'method' | 'token'>,
  site?: SharedSite,
): AppError | undefined {
  const { access } = entry
  if (access === 'public') return undefined
  if (!who) return new AppError('unauthenticated', 'Sign in first.')
  const tooFar = findTokenRefusal(who, entry)
  if (tooFar) return tooFar
  if (access === 'person') return undefined
  if (access === 'administrator')
    return who.administrator ? undefined : new AppError('forbidden', 'Only administrators may do this.')
  if (!site) return new AppError('not_found', 'There is no site of this name.')
  const right = access.slice('site.'.length) as SiteRight
  const rights = rightsOn(who, site)
  return rights.includes(right) ? undefined : refuse(who, site, rights)
}

/** A token goes as far as its scope, and never where its person decides about their own access. */
function findTokenRefusal(
  { token }: Person,
  {
    access,
    method,
    token: needed = method === 'GET' ? 'read' : 'write',
  }: Pick<ApiEntry, 'access' | 'method' | 'token'>,
): AppError | undefined {
  if (!token) return undefined
  if (needed === 'none') return new AppError('forbidden', 'No token may do this: sign in to the panel.')
  if (needed === 'write' && token.scope === 'read') return new AppError('forbidden', 'This token may only look.')
  if (needed === 'write' && token.site !== undefined && !access.startsWith('site.'))
    return new AppError('forbidden', `This token is for the site ${token.site} only.`)
  return undefined
}

function refuse(who: Person, site: SharedSite, rights: SiteRight[]): AppError {
  if (rights.length === 0) return new AppError('forbidden', 'This site belongs to somebody else.')
  if (site.collaborators.some(({ login }) => login === who.login))
    return new AppError('forbidden', 'Your right on this site does not go that far.', {
      hint: `${site.owner}, whose site it is, can give you another.`,
    })
  return new AppError('forbidden', 'What is in a site is its owner’s alone.')
}
