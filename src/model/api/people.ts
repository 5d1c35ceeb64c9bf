import * as z from 'zod'
import { Quota } from '../limits.js'
import { Login } from '../names.js'
import { Person } from '../person.js'
import { table } from './entry.js'

/** People, as administrators see them. */
export const peopleApi = table({
  /** Everybody who signed in or about whom something was decided. */
  listPeople: {
    method: 'GET',
    path: '/api/people',
    access: 'administrator',
    result: z.object({ people: z.array(Person) }),
  },
  /** Decides about a person (who need not have signed in yet). `decision: group` gives the decision back to the directory. */
  setPerson: {
    method: 'PUT',
    path: '/api/people/:login',
    access: 'administrator',
    params: z.object({ login: Login }),
    body: z
      .object({
        decision: z.enum(['group', 'allowed', 'denied']).optional(),
        quota: Quota.partial().nullable().optional(),
        reason: z.string().max(500).optional(),
      })
      .strict(),
    result: Person,
  },
})
