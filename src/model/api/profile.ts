import * as z from 'zod'
import { Id, SiteName } from '../names.js'
import { MOST_TOKEN_DAYS, PersonKey, PersonSession, PersonToken, TokenScope } from '../profile.js'
import { nothing, table } from './entry.js'

const ofOne = z.object({ id: Id })

/** What a person keeps for themselves: keys, tokens, sessions. No token may touch it. */
export const profileApi = table({
  /** The person's SSH keys. */
  listKeys: {
    method: 'GET',
    path: '/api/profile/keys',
    access: 'person',
    token: 'none',
    result: z.object({ keys: z.array(PersonKey) }),
  },
  /** One more key, a line of authorized_keys(5). Answers when all the person's sites know it. */
  addKey: {
    method: 'POST',
    path: '/api/profile/keys',
    access: 'person',
    token: 'none',
    body: z.object({ key: z.string().max(2000) }).strict(),
    result: PersonKey,
  },
  /** Takes a key away, from all sites; what is open with it ends. */
  removeKey: {
    method: 'DELETE',
    path: '/api/profile/keys/:id',
    access: 'person',
    token: 'none',
    params: ofOne,
    result: nothing,
  },
  /** The person's tokens, without their secrets. */
  listTokens: {
    method: 'GET',
    path: '/api/profile/tokens',
    access: 'person',
    token: 'none',
    result: z.object({ tokens: z.array(PersonToken) }),
  },
  /** A new token; its secret is in this answer and never again. */
  createToken: {
    method: 'POST',
    path: '/api/profile/tokens',
    access: 'person',
    token: 'none',
    body: z
      .object({
        name: z.string().trim().min(1, 'a name is needed').max(100),
        scope: TokenScope,
        site: SiteName.optional(),
        days: z.int().min(1).max(MOST_TOKEN_DAYS),
      })
      .strict(),
    result: z.object({ token: PersonToken, secret: z.string() }),
  },
  /** Makes a token worthless at once. */
  removeToken: {
    method: 'DELETE',
    path: '/api/profile/tokens/:id',
    access: 'person',
    token: 'none',
    params: ofOne,
    result: nothing,
  },
  /** Where the person is signed in. */
  listSessions: {
    method: 'GET',
    path: '/api/profile/sessions',
    access: 'person',
    token: 'none',
    result: z.object({ sessions: z.array(PersonSession) }),
  },
  /** Signs out one browser. */
  endSession: {
    method: 'DELETE',
    path: '/api/profile/sessions/:session',
    access: 'person',
    token: 'none',
    params: z.object({ session: PersonSession.shape.id }),
    result: nothing,
  },
  /** Signs out every browser but the one that asks. */
  endOtherSessions: {
    method: 'DELETE',
    path: '/api/profile/sessions',
    access: 'person',
    token: 'none',
    result: nothing,
  },
})
