import * as z from 'zod'
import { Login } from './names.js'

/** What an owner lets somebody else do with a site: look at it; change what is in it, start and stop it; decide about it as the owner does, but for deleting it. */
export const COLLABORATOR_RIGHTS = ['view', 'edit', 'manage'] as const
export const CollaboratorRight = z.enum(COLLABORATOR_RIGHTS).meta({ id: 'CollaboratorRight' })
export type CollaboratorRight = z.infer<typeof CollaboratorRight>

/** Somebody who works on a site that is another person's. */
export const Collaborator = z
  .object({
    login: Login,
    name: z.string(),
    right: CollaboratorRight,
    addedBy: z.string(),
    addedAt: z.string(),
  })
  .meta({ id: 'Collaborator' })
export type Collaborator = z.infer<typeof Collaborator>

/** How many people may work on one site, besides its owner. */
export const MOST_COLLABORATORS = 20
