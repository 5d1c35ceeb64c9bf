import { type CollaboratorRight, MOST_COLLABORATORS } from '../../model/collaborator.js'
import { AppError } from '../../model/errors.js'
import {
  type CollaboratorRecord,
  deleteCollaborator,
  listCollaborators,
  saveCollaborator,
} from '../register/collaborators.js'
import type { Queries } from '../register/register.js'
import type { SiteRecord } from '../register/sites.js'
import type { By, SitesContext } from './context.js'
import { getReadySite } from './ready-site.js'
import { applyAccess, markAccess } from './ssh-access.js'

/** Shares a site with somebody, or gives them another right; returns when their keys open it or do so no more. */
export async function shareSite(
  context: SitesContext,
  name: string,
  { login, right }: { login: string; right: CollaboratorRight },
  by: By,
): Promise<CollaboratorRecord> {
  await changeShares(context, name, by, async (queries, site) => {
    if (site.owner === login) throw refuse('the site is theirs')
    const had = site.collaborators.find((share) => share.login === login)?.right
    if (had === undefined && site.collaborators.length >= MOST_COLLABORATORS)
      throw new AppError('limit_reached', `A site can be shared with ${MOST_COLLABORATORS} people at most.`)
    const added_at = context.now().toISOString()
    await saveCollaborator(queries, { site: name, login, right, added_by: by, added_at })
    return mayEnter(had) === mayEnter(right) ? 'same' : mayEnter(right) ? 'wider' : 'narrower'
  })
  const row = (await listCollaborators(context.register.db, name)).find((one) => one.login === login)
  if (!row) throw new AppError('conflict', `${name} is not shared with ${login} any more.`)
  return row
}

/** Ends it; what the person has open in the site ends with it. */
export function unshareSite(context: SitesContext, name: string, login: string, by: By): Promise<void> {
  return changeShares(context, name, by, async (queries, site) => {
    const had = site.collaborators.find((share) => share.login === login)?.right
    if (had === undefined) throw new AppError('not_found', `${name} is not shared with ${login}.`)
    await deleteCollaborator(queries, name, login)
    return mayEnter(had) ? 'narrower' : 'same'
  })
}

const mayEnter = (right: CollaboratorRight | undefined): boolean => right === 'edit' || right === 'manage'

/** Who may come in by SSH afterwards, beside before. */
type Effect = 'same' | 'wider' | 'narrower'

async function changeShares(
  context: SitesContext,
  name: string,
  by: By,
  write: (queries: Queries, site: SiteRecord) => Promise<Effect>,
): Promise<void> {
  const { before, effect } = await context.register.change(async (queries) => {
    const site = await getReadySite(queries, name)
    const effect = await write(queries, site)
    if (effect !== 'same') await markAccess(queries, [name], effect === 'narrower')
    return { before: site, effect }
  })
  context.changes.publish({ type: 'rights', name, before })
  if (effect !== 'same') await applyAccess(context, [name], by)
}

function refuse(message: string): AppError {
  return new AppError('invalid', `login: ${message}`, { fields: [{ path: 'login', message }] })
}
