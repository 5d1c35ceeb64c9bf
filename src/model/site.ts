import * as z from 'zod'
import { ContainerUsage, Phase } from './container.js'
import { DnsState } from './dns.js'
import { Limits } from './limits.js'
import { SiteName } from './names.js'
import { ModelFor } from './site-model.js'
import { IdleMinutes } from './sleep.js'
import { Stack } from './stack.js'

/** What a person may do with a site. `view` see it · `power` start, stop, restart · `edit` its files and credentials · `manage` limits, domains · `share` who else works on it · `delete`. */
export const SITE_RIGHTS = ['view', 'power', 'edit', 'manage', 'share', 'delete'] as const
export const SiteRight = z.enum(SITE_RIGHTS)
export type SiteRight = z.infer<typeof SiteRight>

/** A site as its pages show it. `state` is observed; `wanted` is what the register says should be. */
export const Site = z
  .object({
    name: SiteName,
    owner: z.string(),
    stack: Stack,
    /** Debian packages besides those of its stack. */
    packages: z.array(z.string()),
    /** What the last change of its stack can be undone to. */
    formerStack: Stack.optional(),
    /** For whom it is a model of new sites. */
    modelFor: ModelFor,
    state: Phase,
    wanted: z.enum(['running', 'stopped']),
    /** Minutes without a visit after which it falls asleep; null: never. */
    idleMinutes: IdleMinutes.nullable(),
    /** When something that its owner planned wakes it. */
    wakeAt: z.string().optional(),
    /** Why, in words, when `failed`. */
    reason: z.string().optional(),
    /** Main address for people. */
    url: z.string(),
    /** All names under which it is served; the platform name first. */
    domains: z.array(z.string()),
    /** Names that it asks for, and that are not proven. */
    claims: z.array(z.string()),
    /** Its platform name in DNS; absent when DNS is somebody else's. */
    dns: DnsState.optional(),
    ipv4: z.string(),
    ipv6: z.string(),
    sftpPort: z.number(),
    uidBase: z.number().optional(),
    limits: Limits,
    usage: ContainerUsage.optional(),
    template: z.string().optional(),
    createdAt: z.string(),
    startedAt: z.string().optional(),
    restarts: z.number().optional(),
    /** Host pid of its first process while it lives. */
    pid: z.number().optional(),
    /** The operation that runs on it now. */
    operation: z.string().optional(),
    /** What the person who asks may do. */
    rights: z.array(SiteRight),
  })
  .meta({ id: 'Site' })
export type Site = z.infer<typeof Site>

/** How to reach the site's files and database from outside and from code. */
export const SiteAccess = z
  .object({
    sftp: z.object({
      host: z.string(),
      port: z.number(),
      user: z.string(),
      password: z.string(),
      keys: z.array(z.string()),
    }),
    /** `file` says the same to programs that read one. */
    database: z
      .union([
        z.object({ host: z.string(), name: z.string(), user: z.string(), password: z.string(), file: z.string() }),
        z.object({ path: z.string(), file: z.string() }),
      ])
      .optional(),
  })
  .meta({ id: 'SiteAccess' })
export type SiteAccess = z.infer<typeof SiteAccess>
