import * as z from 'zod'
import { DnsStatus } from './dns.js'
import { Examination } from './doctor.js'
import { DomainName } from './domain-name.js'
import { FileContent, FileEntry, SitePath } from './files.js'
import { HostStatus } from './host-status.js'
import { Limits, Quota } from './limits.js'
import { Digest, Id, Login, SiteName } from './names.js'
import { Operation } from './operation.js'
import { Me, Person } from './person.js'
import { Site, SiteAccess, type SiteRight } from './site.js'
import { Stack } from './stack.js'
import { StackChoices, TemplateInfo } from './template-info.js'

/** Who may use a route: anybody, whoever is signed in, who has that right on the site named in the path, administrators. */
export type Access = 'public' | 'person' | 'administrator' | `site.${SiteRight}`

/** One route. `params` are path segments, `query` and `body` what their names say; an entry without `result` streams (its doc says what). */
export interface ApiEntry {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  access: Access
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  result: z.ZodType
}

const nothing = z.object({})
const site = z.object({ name: SiteName })
const path = z.object({ path: SitePath })
const base = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .nullable()
/** Answer of every slow verb: where to follow it. */
export const Started = z.object({ operation: Id }).meta({ id: 'Started' })

const table = <const T extends Record<string, ApiEntry>>(entries: T): T => entries

/** Body of site creation. All but the name has a default: `DEFAULT_STACK`, `DEFAULT_LIMITS`, the person who asks. */
export const CreateSite = z
  .object({
    name: SiteName,
    stack: Stack.optional(),
    domains: z.array(DomainName).max(20).optional(),
    limits: Limits.partial().optional(),
    /** Another owner; administrators only. */
    owner: Login.optional(),
    start: z.boolean().optional(),
  })
  .strict()
  .meta({ id: 'CreateSite' })
export type CreateSite = z.input<typeof CreateSite>

/** Every route of the HTTP API. The server registers what is here, the clients call what is here, the tests walk what is here. */
export const api = table({
  // --- the person
  /** Sign in with the directory's name and password; sets the session cookie. `unauthenticated` for any wrong pair. */
  signIn: {
    method: 'POST',
    path: '/api/session',
    access: 'public',
    body: z.object({ login: z.string().max(256), password: z.string().max(1024) }).strict(),
    result: Me,
  },
  /** Ends the session on the server; the cookie is worth nothing afterwards. */
  signOut: { method: 'DELETE', path: '/api/session', access: 'person', result: nothing },
  /** Who is signed in, what they may do and what they use. */
  me: { method: 'GET', path: '/api/session', access: 'person', result: Me },
  /** What the sign-in page must know before anybody signed in. */
  welcome: {
    method: 'GET',
    path: '/api/welcome',
    access: 'public',
    result: z.object({
      baseDomain: z.string(),
      sampleAccounts: z.array(z.object({ login: z.string(), password: z.string(), role: z.string() })),
    }),
  },

  // --- sites
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
  /** The person's own sites; with `all=true` every site (administrators). */
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
  getSite: { method: 'GET', path: '/api/sites/:name', access: 'site.view', params: site, result: Site },
  /** Brings the site up and waits for its services. Running already: done at once. */
  startSite: { method: 'POST', path: '/api/sites/:name/start', access: 'site.power', params: site, result: Started },
  /** Stops it in order (web server, code, database), cleanly. */
  stopSite: { method: 'POST', path: '/api/sites/:name/stop', access: 'site.power', params: site, result: Started },
  /** Stop, then start. */
  restartSite: {
    method: 'POST',
    path: '/api/sites/:name/restart',
    access: 'site.power',
    params: site,
    result: Started,
  },
  /** Stops it and removes its container, data, names and address. */
  destroySite: { method: 'DELETE', path: '/api/sites/:name', access: 'site.delete', params: site, result: Started },
  /** Other limits, within the quota; CPU and memory act at once, disk only grows. */
  setLimits: {
    method: 'PATCH',
    path: '/api/sites/:name/limits',
    access: 'site.manage',
    params: site,
    body: Limits.partial().strict(),
    result: Started,
  },
  /** The whole list of the site's own domain names, besides its platform name. */
  setDomains: {
    method: 'PUT',
    path: '/api/sites/:name/domains',
    access: 'site.manage',
    params: site,
    body: z.object({ domains: z.array(DomainName).max(20) }).strict(),
    result: Started,
  },
  /** How to reach files and database, with their passwords. */
  siteAccess: { method: 'GET', path: '/api/sites/:name/access', access: 'site.edit', params: site, result: SiteAccess },
  /** New SFTP or database password; the site learns it at once. */
  rotatePassword: {
    method: 'POST',
    path: '/api/sites/:name/access/rotate',
    access: 'site.edit',
    params: site,
    body: z.object({ which: z.enum(['sftp', 'database']) }).strict(),
    result: Started,
  },
  /** The whole list of SSH keys that may open SFTP (lines of authorized_keys(5)). */
  setSftpKeys: {
    method: 'PUT',
    path: '/api/sites/:name/access/keys',
    access: 'site.edit',
    params: site,
    body: z.object({ keys: z.array(z.string().max(2000)).max(20) }).strict(),
    result: Started,
  },
  /** Runs a program in the site as its user. Streams JSON lines: `{stdout|stderr: base64}`…, then `{exitCode}` or `{error}`. */
  execInSite: {
    method: 'POST',
    path: '/api/sites/:name/exec',
    access: 'site.edit',
    params: site,
    body: z
      .object({
        argv: z.array(z.string().max(65_536)).min(1).max(200),
        stdin: z.base64().optional(),
        timeoutMs: z.int().min(100).max(3_600_000).optional(),
      })
      .strict(),
    result: z.any(),
  },
  /** The last lines of its services, oldest first. */
  siteLogs: {
    method: 'GET',
    path: '/api/sites/:name/logs',
    access: 'site.edit',
    params: site,
    query: z.object({ lines: z.coerce.number().int().min(1).max(2000).optional() }),
    result: z.object({ lines: z.array(z.object({ source: z.string(), text: z.string() })) }),
  },

  // --- files
  /** One folder; at most 10,000 entries. */
  listFiles: {
    method: 'GET',
    path: '/api/sites/:name/files',
    access: 'site.edit',
    params: site,
    query: path,
    result: z.object({ entries: z.array(FileEntry), truncated: z.boolean() }),
  },
  /** One file for the editor. */
  readFile: {
    method: 'GET',
    path: '/api/sites/:name/file',
    access: 'site.edit',
    params: site,
    query: path,
    result: FileContent,
  },
  /** `base`: version that was opened, null for a new file. `conflict` when the file is another by now. */
  saveFile: {
    method: 'PUT',
    path: '/api/sites/:name/file',
    access: 'site.edit',
    params: site,
    query: path,
    body: z.object({ base, content: z.base64() }).strict(),
    result: z.object({ version: z.string() }),
  },
  /** A file, or a folder with all that is in it. */
  removeFile: {
    method: 'DELETE',
    path: '/api/sites/:name/file',
    access: 'site.edit',
    params: site,
    query: path,
    result: nothing,
  },
  /** A new folder. */
  makeFolder: {
    method: 'POST',
    path: '/api/sites/:name/folders',
    access: 'site.edit',
    params: site,
    query: path,
    result: nothing,
  },
  /** Moves within the site; refused when the new name is taken. */
  renameFile: {
    method: 'POST',
    path: '/api/sites/:name/rename',
    access: 'site.edit',
    params: site,
    body: z.object({ from: SitePath, to: SitePath }).strict(),
    result: nothing,
  },

  // --- operations
  /** The person's own and those on their sites; administrators see all. Newest first, at most 200. */
  listOperations: {
    method: 'GET',
    path: '/api/operations',
    access: 'person',
    result: z.object({ operations: z.array(Operation) }),
  },
  /** One operation with its timed steps and log. */
  getOperation: {
    method: 'GET',
    path: '/api/operations/:id',
    access: 'person',
    params: z.object({ id: Id }),
    result: Operation,
  },
  /** Gives up what can still be given up (a template that is being built); otherwise `conflict`. */
  cancelOperation: {
    method: 'DELETE',
    path: '/api/operations/:id',
    access: 'person',
    params: z.object({ id: Id }),
    result: Operation,
  },
  /** Server-sent events: `event: change`, `data: ServerEvent` (events.ts), filtered by what the person may see; a comment line every 15 s. */
  events: { method: 'GET', path: '/api/events', access: 'person', result: z.any() },

  // --- administration
  /** State of the machine and of the platform around the sites. */
  platform: {
    method: 'GET',
    path: '/api/platform',
    access: 'administrator',
    result: z.object({
      host: HostStatus.optional(),
      baseDomain: z.string(),
      panelUrl: z.string(),
      caFile: z.string().optional(),
      directory: z.enum(['reachable', 'unreachable', 'none']),
      proxy: z.object({ ok: z.boolean(), message: z.string().optional() }),
      dns: DnsStatus,
    }),
  },
  /** Looks now whether every promise of Ruche holds on this machine; seconds. Who asks while another look is under way gets its answer. */
  runDoctor: { method: 'POST', path: '/api/doctor', access: 'administrator', result: Examination },
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
  /** Built templates. */
  listTemplates: {
    method: 'GET',
    path: '/api/templates',
    access: 'administrator',
    result: z.object({ templates: z.array(TemplateInfo) }),
  },
  /** Builds a stack's template; minutes. */
  buildTemplate: {
    method: 'POST',
    path: '/api/templates',
    access: 'administrator',
    body: z.object({ stack: Stack, force: z.boolean().optional() }).strict(),
    result: Started,
  },
  /** `conflict` while a site uses it. */
  removeTemplate: {
    method: 'DELETE',
    path: '/api/templates/:digest',
    access: 'administrator',
    params: z.object({ digest: Digest }),
    result: nothing,
  },
})

export type Api = typeof api
export type ApiName = keyof Api
type Part<E, K extends string> = E extends Record<K, infer S extends z.ZodType> ? S : never
/** What a caller hands over: `{params, query, body}`, each only where the route has it. */
export type ApiInput<N extends ApiName> = (Part<Api[N], 'params'> extends never
  ? unknown
  : { params: z.input<Part<Api[N], 'params'>> }) &
  (Part<Api[N], 'query'> extends never ? unknown : { query: z.input<Part<Api[N], 'query'>> }) &
  (Part<Api[N], 'body'> extends never ? unknown : { body: z.input<Part<Api[N], 'body'>> })
/** The same once checked, as the route's function gets it. */
export type ApiRequest<N extends ApiName> = (Part<Api[N], 'params'> extends never
  ? unknown
  : { params: z.output<Part<Api[N], 'params'>> }) &
  (Part<Api[N], 'query'> extends never ? unknown : { query: z.output<Part<Api[N], 'query'>> }) &
  (Part<Api[N], 'body'> extends never ? unknown : { body: z.output<Part<Api[N], 'body'>> })
export type ApiResult<N extends ApiName> = z.output<Api[N]['result']>
