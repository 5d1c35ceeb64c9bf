import * as z from 'zod'
import { Id } from './names.js'

/** What became of an act: it was done (or begun, where an operation goes on with it), or answered with an error. */
export const ACT_OUTCOMES = ['done', 'refused'] as const

/** Something that somebody asked for: who, what, when, from where. */
export const Act = z
  .object({
    id: Id,
    at: z.string(),
    /** Login of the person; `root` is the machine's own. */
    by: z.string(),
    /** Address that the request came from. Absent: from the machine itself. */
    from: z.string().optional(),
    /** By a token, not by a session. */
    byToken: z.boolean(),
    /** The route's name in the API table: `startSite`. */
    act: z.string(),
    /** The site. Absent: it is about none. */
    site: z.string().optional(),
    /** What of it: a path, a domain, a login. */
    about: z.string().optional(),
    outcome: z.enum(ACT_OUTCOMES),
    /** The code of the error. */
    code: z.string().optional(),
  })
  .meta({ id: 'Act' })
export type Act = z.infer<typeof Act>

/** A page of acts, newest first; `next` asks for the older ones. */
export const ActPage = z.object({ acts: z.array(Act), next: z.string().optional() }).meta({ id: 'ActPage' })
export type ActPage = z.infer<typeof ActPage>
