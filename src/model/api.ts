import type * as z from 'zod'
import { accessApi } from './api/access.js'
import { activityApi } from './api/activity.js'
import { announcementsApi } from './api/announcements.js'
import { backupsApi } from './api/backups.js'
import { collaboratorsApi } from './api/collaborators.js'
import { databaseApi } from './api/database.js'
import { deployApi } from './api/deploy.js'
import { domainsApi } from './api/domains.js'
import type { ApiEntry } from './api/entry.js'
import { environmentApi } from './api/environment.js'
import { filesApi } from './api/files.js'
import { insideApi } from './api/inside.js'
import { offSiteApi } from './api/off-site.js'
import { operationsApi } from './api/operations.js'
import { peopleApi } from './api/people.js'
import { platformApi } from './api/platform.js'
import { profileApi } from './api/profile.js'
import { sessionApi } from './api/session.js'
import { settingsApi } from './api/settings.js'
import { sitesApi } from './api/sites.js'
import { stackApi } from './api/stack.js'
import { templatesApi } from './api/templates.js'
import { terminalApi } from './api/terminal.js'
import { zoneRecordsApi } from './api/zone-records.js'

/** Every route of the HTTP API. The server registers what is here, the clients call what is here, the tests walk what is here. */
export const api = {
  ...sessionApi,
  ...profileApi,
  ...sitesApi,
  ...stackApi,
  ...domainsApi,
  ...zoneRecordsApi,
  ...accessApi,
  ...environmentApi,
  ...settingsApi,
  ...collaboratorsApi,
  ...deployApi,
  ...insideApi,
  ...filesApi,
  ...terminalApi,
  ...databaseApi,
  ...backupsApi,
  ...offSiteApi,
  ...operationsApi,
  ...activityApi,
  ...platformApi,
  ...peopleApi,
  ...announcementsApi,
  ...templatesApi,
} satisfies Record<string, ApiEntry>

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
