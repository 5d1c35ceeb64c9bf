import * as z from 'zod'
import { IpNetwork } from '../ip-network.js'
import { SettingsChange, SiteSettings } from '../site-settings.js'
import { ofSite, Started, table } from './entry.js'

/** What a visit would meet. */
export const Foreseen = z
  .object({
    /** `site`: the site itself answers. */
    what: z.enum(['https', 'maintenance', 'redirect', 'refused', 'password', 'sign-in', 'site']),
    status: z.number().optional(),
    /** Where the visitor is sent. */
    to: z.string().optional(),
  })
  .meta({ id: 'Foreseen' })
export type Foreseen = z.infer<typeof Foreseen>

/** How a site is served, and who may see it. */
export const settingsApi = table({
  /** `readable: false`: what was kept is damaged; the site is closed until something is set anew. */
  getSettings: {
    method: 'GET',
    path: '/api/sites/:name/settings',
    access: 'site.manage',
    params: ofSite,
    result: z.object({ settings: SiteSettings, hasPassword: z.boolean(), readable: z.boolean() }),
  },
  /** Some settings; the others stay. Groups may be given by their name, and are kept by their DN. */
  changeSettings: {
    method: 'PATCH',
    path: '/api/sites/:name/settings',
    access: 'site.manage',
    params: ofSite,
    body: SettingsChange,
    result: Started,
  },
  /** What a visit of that address would meet, with settings that may not be saved yet. */
  foresee: {
    method: 'POST',
    path: '/api/sites/:name/settings/foresee',
    access: 'site.manage',
    untold: true,
    params: ofSite,
    body: z
      .object({ address: z.string().max(2000), from: IpNetwork.optional(), settings: SettingsChange.optional() })
      .strict(),
    result: Foreseen,
  },
  /** Forgets the answers that are kept for the site. */
  purgeCache: {
    method: 'POST',
    path: '/api/sites/:name/settings/purge',
    access: 'site.manage',
    params: ofSite,
    result: Started,
  },
  /** Lets the person who asks see a site that is not for everybody: the address to go to, good for one minute. */
  enterSite: {
    method: 'POST',
    path: '/api/visits',
    access: 'person',
    untold: true,
    body: z.object({ host: z.string().max(300), to: z.string().max(1000) }).strict(),
    result: z.object({ url: z.string() }),
  },
})
