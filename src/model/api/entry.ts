import * as z from 'zod'
import { Id, SiteName } from '../names.js'
import type { TokenScope } from '../profile.js'
import type { SiteRight } from '../site.js'

/** Who may use a route: anybody, whoever is signed in, who has that right on the site named in the path, administrators. */
export type Access = 'public' | 'person' | 'administrator' | `site.${SiteRight}`

/** One route. `params` are path segments, `query` and `body` what their names say; an entry without `result` streams (its doc says what). */
export interface ApiEntry {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  access: Access
  /** What a token must be good for, where that is not what the method says (GET: `read`); `none`: no token will do. */
  token?: TokenScope | 'none'
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  result: z.ZodType
  /** It becomes a WebSocket. */
  socket?: true
  /** It changes nothing that anybody wants to read about later, whatever its method says. */
  untold?: true
}

/** Answer of a route that has nothing to say. */
export const nothing = z.object({})
/** Path of what is one site's. */
export const ofSite = z.object({ name: SiteName })
/** Answer of every slow verb: where to follow it. */
export const Started = z.object({ operation: Id }).meta({ id: 'Started' })

/** Entries of the table, each with its own type. */
export const table = <const T extends Record<string, ApiEntry>>(entries: T): T => entries
