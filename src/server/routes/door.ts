import type {} from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ApiEntry } from '../../model/api/entry.js'
import { api } from '../../model/api.js'
import { AppError } from '../../model/errors.js'
import { MACHINE_ROOT, type Requester } from '../access/requester.js'
import { checkSameOrigin } from '../access/same-origin.js'
import type { OpenSession, Sessions } from '../access/sessions.js'
import type { Tokens } from '../access/tokens.js'

/** A way in: it says who makes a request, and refuses what may not be that person's own doing. */
export interface Door {
  identify(request: FastifyRequest, reply: FastifyReply, entry: ApiEntry): Promise<Requester | undefined>
  /** Where the request came from. */
  addressOf(request: FastifyRequest): string
  /** Keeps a session's token in the browser. */
  keep(reply: FastifyReply, token: string): void
  forget(reply: FastifyReply): void
  csrfTokenOf(request: FastifyRequest): string
}

/** The socket that only the machine's root can open. */
export const rootDoor: Door = {
  identify: async () => MACHINE_ROOT,
  addressOf: () => '',
  keep: () => undefined,
  forget: () => undefined,
  csrfTokenOf: () => '',
}

export interface PanelSettings {
  /** The panel's address as browsers write it. */
  origin: string
  cookie: { name: string; secure: boolean }
}

const SAFE = new Set(['GET', 'HEAD'])
const csrfTokens = new WeakMap<FastifyRequest, string>()

/** The way in for browsers and for programs with a token, through the front proxy. */
export function panelDoor(sessions: Sessions, tokens: Tokens, { origin, cookie }: PanelSettings): Door {
  const options = { path: '/', httpOnly: true, secure: cookie.secure, sameSite: 'lax' as const }
  const door: Door = {
    async identify(request, reply, entry) {
      const secret = bearerOf(request)
      // No page of another site can send this header, so there is nothing else to ask.
      if (secret !== undefined) return tokens.resume(secret, door.addressOf(request))
      const isSafe = SAFE.has(request.method)
      checkSameOrigin(request.headers, origin, isSafe ? 'look' : 'change')
      const token = request.cookies[cookie.name]
      const session = token === undefined ? undefined : await sessions.resume(token)
      if (!session) return undefined
      if (session.newToken !== undefined) door.keep(reply, session.newToken)
      csrfTokens.set(request, session.csrfToken)
      if (!isSafe && entry.access !== 'public') checkChange(sessions, session, request, entry)
      return session.who
    },
    // Only the front proxy speaks to this socket, and it replaces the header.
    addressOf: (request) => String(request.headers['x-real-ip'] ?? ''),
    keep: (reply, token) => reply.setCookie(cookie.name, token, options),
    forget: (reply) => reply.clearCookie(cookie.name, options),
    csrfTokenOf: (request) => csrfTokens.get(request) ?? '',
  }
  return door
}

function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1]
}

/** Refuses a change that the page itself did not ask for, or whose person the directory has not vouched for lately. */
function checkChange(sessions: Sessions, session: OpenSession, request: FastifyRequest, entry: ApiEntry): void {
  const given = request.headers['x-csrf-token']
  if (typeof given !== 'string' || !sessions.isCsrfToken(session.who.session, given))
    throw new AppError('forbidden', 'This page is out of date.', { hint: 'Reload it and try again.' })
  if (!session.fresh && entry !== api.signOut)
    throw new AppError('unavailable', 'The directory has not answered for a while, so nothing can be changed now.')
}
