import * as z from 'zod'
import { AnnouncementTexts } from '../announcement.js'
import { Me } from '../person.js'
import { nothing, table } from './entry.js'

/** The person who is signed in. */
export const sessionApi = table({
  /** Sign in with the directory's name and password; sets the session cookie. `unauthenticated` for any wrong pair. */
  signIn: {
    method: 'POST',
    path: '/api/session',
    access: 'public',
    body: z.object({ login: z.string().max(256), password: z.string().max(1024) }).strict(),
    result: Me,
  },
  /** Ends the session on the server; the cookie is worth nothing afterwards. */
  signOut: { method: 'DELETE', path: '/api/session', access: 'person', token: 'none', untold: true, result: nothing },
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
      /** What administrators warn everybody of now: nothing but the texts. */
      warnings: z.array(AnnouncementTexts),
    }),
  },
})
