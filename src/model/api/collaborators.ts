import * as z from 'zod'
import { Collaborator, CollaboratorRight } from '../collaborator.js'
import { Login } from '../names.js'
import { nothing, ofSite, table } from './entry.js'

const ofCollaborator = ofSite.extend({ login: Login })

/** The people who work on a site. */
export const collaboratorsApi = table({
  /** The owner, and those with whom the site is shared. */
  listCollaborators: {
    method: 'GET',
    path: '/api/sites/:name/collaborators',
    access: 'site.view',
    params: ofSite,
    result: z.object({
      owner: z.object({ login: z.string(), name: z.string() }),
      collaborators: z.array(Collaborator),
    }),
  },
  /** Shares the site with a person of the directory, or gives them another right. */
  setCollaborator: {
    method: 'PUT',
    path: '/api/sites/:name/collaborators/:login',
    access: 'site.share',
    params: ofCollaborator,
    body: z.object({ right: CollaboratorRight }).strict(),
    result: Collaborator,
  },
  /** Ends it: what they have open ends too. Who shares the site may remove anybody, everybody may leave. */
  removeCollaborator: {
    method: 'DELETE',
    path: '/api/sites/:name/collaborators/:login',
    access: 'site.view',
    params: ofCollaborator,
    result: nothing,
  },
})
