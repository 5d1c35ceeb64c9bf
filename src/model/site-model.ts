import * as z from 'zod'
import { Limits } from './limits.js'
import { SiteName } from './names.js'
import { Stack } from './stack.js'

/** For whom a site is a model that new sites begin as a copy of: files, database and packages. `owner`: the owner alone. */
export const ModelFor = z.enum(['nobody', 'owner', 'everybody']).meta({ id: 'ModelFor' })
export type ModelFor = z.infer<typeof ModelFor>

/** A model that somebody may begin from. Its limits are the least disk, and what is filled in beforehand. */
export const SiteModel = z
  .object({ name: SiteName, owner: z.string(), stack: Stack, limits: Limits })
  .meta({ id: 'SiteModel' })
export type SiteModel = z.infer<typeof SiteModel>
