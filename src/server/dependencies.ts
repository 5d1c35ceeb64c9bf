import type { Directory } from './access/directory.js'
import type { Memberships } from './access/memberships.js'
import type { Passes } from './access/passes.js'
import type { Sessions } from './access/sessions.js'
import type { SignInLimits } from './access/sign-in-limits.js'
import type { Tokens } from './access/tokens.js'
import type { Activity } from './activity/activity.js'
import type { Announcements } from './announcements/announcements.js'
import type { Doctor } from './doctor/doctor.js'
import type { Journals } from './journals/journals.js'
import type { Meters } from './metrics/meters.js'
import type { EventFeed } from './routes/event-feed.js'
import type { SitesContext } from './sites/context.js'

/** What the routes work with. */
export interface Dependencies extends SitesContext {
  directory: Directory | undefined
  sessions: Sessions
  passes: Passes
  memberships: Memberships
  tokens: Tokens
  signInLimits: SignInLimits
  feed: EventFeed
  activity: Activity
  announcements: Announcements
  journals: Journals
  meters: Meters
  doctor: Doctor
  proxyState(): { ok: boolean; message?: string }
  caFile: string | undefined
  sampleAccounts: { login: string; password: string; role: string }[]
}
