import { createHash, randomBytes } from 'node:crypto'
import { isRecent } from '../is-recent.js'
import { findPass, replacePass } from '../register/passes.js'
import type { Register } from '../register/register.js'
import type { Requester } from './requester.js'
import type { Sessions } from './sessions.js'

/** Where a person is let in: one name of one site. */
interface PassPlace {
  site: string
  host: string
}

/**
 * How a person of the directory gets into a site that is not for everybody: the panel gives them a ticket, which the site's host takes once for a pass of its own.
 * The pass lives as long as the session of the panel; the site sees neither.
 */
export interface Passes {
  /** A ticket for one entry within a minute, to come back to that path. */
  offer(session: string, place: PassPlace, to: string): string
  /** Takes a ticket for a pass; undefined when it is not one, or is one for another host. */
  redeem(ticket: string, host: string): Promise<{ token: string; to: string } | undefined>
  /** Who has that pass now; undefined when it is none for this place, or the session is over. */
  holder(token: string, place: PassPlace): Promise<Requester | undefined>
}

interface Ticket extends PassPlace {
  session: string
  to: string
  atMs: number
}

const TICKET_MS = 60_000
const MOST_TICKETS = 10_000

export function openPasses(parts: { register: Register; sessions: Sessions; now: () => Date }): Passes {
  const { register, sessions, now } = parts
  const tickets = new Map<string, Ticket>()
  const forgetOld = () => {
    for (const [hash, { atMs }] of tickets) {
      if (isRecent(atMs, now(), TICKET_MS) && tickets.size < MOST_TICKETS) return
      tickets.delete(hash)
    }
  }
  return {
    offer(session, place, to) {
      forgetOld()
      const ticket = makeToken()
      tickets.set(hashOf(ticket), { ...place, session, to, atMs: now().getTime() })
      return ticket
    },
    async redeem(text, host) {
      const hash = hashOf(text)
      const ticket = tickets.get(hash)
      if (!ticket || ticket.host !== host) return undefined
      tickets.delete(hash)
      if (!isRecent(ticket.atMs, now(), TICKET_MS) || !(await sessions.look(ticket.session))) return undefined
      const token = makeToken()
      const { session, site } = ticket
      const row = { token_hash: hashOf(token), site, host, session, created_at: now().toISOString() }
      await register.change((queries) => replacePass(queries, row))
      return { token, to: ticket.to }
    },
    async holder(token, { site, host }) {
      const pass = await findPass(register.db, hashOf(token), host)
      return pass?.site === site ? sessions.look(pass.session) : undefined
    },
  }
}

const makeToken = (): string => randomBytes(32).toString('base64url')
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')
