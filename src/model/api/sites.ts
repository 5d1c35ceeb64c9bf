import * as z from 'zod'
import { DomainName } from '../domain-name.js'
import { Limits } from '../limits.js'
import { Id, Login, SiteName } from '../names.js'
import { Site } from '../site.js'
import { SiteModel } from '../site-model.js'
import { IdleMinutes } from '../sleep.js'
import { Stack } from '../stack.js'
import { StackChoices } from '../template-info.js'
import { ofSite, Started, table } from './entry.js'

/** Body of site creation. All but the name has a default: `DEFAULT_STACK`, `DEFAULT_LIMITS`, the person who asks. */
export const CreateSite = z
  .object({
    name: SiteName,
    stack: Stack.optional(),
    /** The model that it begins as a copy of; its stack is that one's. `not_found` when there is none of that name for the person. */
    model: SiteName.optional(),
    /** Asked for, as by `addDomain`. */
    domains: z.array(DomainName).max(20).optional(),
    /** Their owner is known to the administrator who asks. */
    vouch: z.boolean().optional(),
    limits: Limits.partial().optional(),
    /** Another owner; administrators only. */
    owner: Login.optional(),
    start: z.boolean().optional(),
  })
  .strict()
  .refine(({ stack, model }) => !stack || !model, { path: ['stack'], error: 'a copy of a model has its stack' })
  .meta({ id: 'CreateSite' })
export type CreateSite = z.input<typeof CreateSite>

/** Sites: making, looking at, power, limits, names. */
export const sitesApi = table({
  /** What can be chosen, what is filled in beforehand, and a free name for the person. */
  siteDefaults: {
    method: 'GET',
    path: '/api/site-defaults',
    access: 'person',
    result: z.object({
      name: SiteName,
      baseDomain: z.string(),
      stack: Stack,
      limits: Limits,
      choices: StackChoices,
      /** Sites that this person's may begin as a copy of. */
      models: z.array(SiteModel),
    }),
  },
  /** Whether a name could be taken now, and if not why. */
  checkName: {
    method: 'GET',
    path: '/api/names/:name',
    access: 'person',
    params: z.object({ name: z.string().max(100) }),
    result: z.object({ free: z.boolean(), reason: z.string().optional() }),
  },
  /** The person's own sites and those that are shared with them; with `all=true` every site (administrators). */
  listSites: {
    method: 'GET',
    path: '/api/sites',
    access: 'person',
    query: z.object({ all: z.enum(['true', 'false']).optional() }),
    result: z.object({ sites: z.array(Site) }),
  },
  createSite: {
    method: 'POST',
    path: '/api/sites',
    access: 'person',
    body: CreateSite,
    result: z.object({ operation: Id, site: Site }),
  },
  /** One site, with its state as observed now. */
  getSite: { method: 'GET', path: '/api/sites/:name', access: 'site.view', params: ofSite, result: Site },
  /** Brings the site up and waits for its services. Running already: done at once. */
  startSite: { method: 'POST', path: '/api/sites/:name/start', access: 'site.power', params: ofSite, result: Started },
  /** Stops it in order (web server, code, database), cleanly. */
  stopSite: { method: 'POST', path: '/api/sites/:name/stop', access: 'site.power', params: ofSite, result: Started },
  /** Stop, then start. */
  restartSite: {
    method: 'POST',
    path: '/api/sites/:name/restart',
    access: 'site.power',
    params: ofSite,
    result: Started,
  },
  /** Stops it until somebody asks for it, as happens by itself when nobody came for its idle time. `busy` (in the operation) when somebody is connected. */
  sleepSite: { method: 'POST', path: '/api/sites/:name/sleep', access: 'site.power', params: ofSite, result: Started },
  /** After how long without a visit it falls asleep; null (never) is an administrator's to give, for memory that is then always taken. */
  setIdleTime: {
    method: 'PUT',
    path: '/api/sites/:name/idle-time',
    access: 'site.manage',
    params: ofSite,
    body: z.object({ idleMinutes: IdleMinutes.nullable() }).strict(),
    result: Site,
  },
  /** Puts it back on the template that it had before the last move. `conflict` when there is none. */
  rollBackSite: {
    method: 'POST',
    path: '/api/sites/:name/rollback',
    access: 'site.manage',
    params: ofSite,
    result: Started,
  },
  /** Stops it and removes its container, names and address. What it held stays in the trash for some days; with `purge=true` nothing does. */
  destroySite: {
    method: 'DELETE',
    path: '/api/sites/:name',
    access: 'site.delete',
    params: ofSite,
    query: z.object({ purge: z.enum(['true', 'false']).optional() }),
    result: Started,
  },
  /** Other limits, within the quota; CPU and memory act at once, disk only grows. */
  setLimits: {
    method: 'PATCH',
    path: '/api/sites/:name/limits',
    access: 'site.manage',
    params: ofSite,
    body: Limits.partial().strict(),
    result: Started,
  },
})
