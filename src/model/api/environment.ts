import * as z from 'zod'
import { EnvironmentChange } from '../environment.js'
import { ofSite, Started, table } from './entry.js'

/** Variables of a site's own code. Their values are secrets. */
export const environmentApi = table({
  /** The names of the variables that the owner set; their values only with `values=true`. */
  siteEnvironment: {
    method: 'GET',
    path: '/api/sites/:name/environment',
    access: 'site.edit',
    token: 'write',
    params: ofSite,
    query: z.object({ values: z.enum(['true', 'false']).optional() }),
    result: z.object({ names: z.array(z.string()), values: z.record(z.string(), z.string()).optional() }),
  },
  /** Sets (a text) or takes away (null) the variables that are named; the others stay. The site's programs are started anew with them. */
  changeEnvironment: {
    method: 'PATCH',
    path: '/api/sites/:name/environment',
    access: 'site.edit',
    params: ofSite,
    body: z.object({ variables: EnvironmentChange }).strict(),
    result: Started,
  },
})
