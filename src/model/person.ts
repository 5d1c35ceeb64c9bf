import * as z from 'zod'
import { ShownAnnouncement } from './announcement.js'
import { Quota } from './limits.js'
import { Login } from './names.js'

/** Who is signed in. */
export const Me = z
  .object({
    login: Login,
    name: z.string(),
    administrator: z.boolean(),
    mayCreate: z.boolean(),
    quota: Quota,
    used: Quota,
    /** To be sent as `x-csrf-token` with every unsafe request. */
    csrfToken: z.string(),
    /** What administrators tell everybody now. */
    announcements: z.array(ShownAnnouncement),
  })
  .meta({ id: 'Me' })
export type Me = z.infer<typeof Me>

/** A row of the people table. `decision`: what an administrator decided; `group`: the directory's group decides. */
export const Person = z
  .object({
    login: Login,
    name: z.string(),
    administrator: z.boolean(),
    mayCreate: z.boolean(),
    decision: z.enum(['group', 'allowed', 'denied']),
    quota: Quota,
    quotaFrom: z.enum(['group', 'administrator']),
    reason: z.string().optional(),
    used: Quota,
    sites: z.array(z.string()),
    lastSignInAt: z.string().optional(),
  })
  .meta({ id: 'Person' })
export type Person = z.infer<typeof Person>
