import { randomBytes } from 'node:crypto'
import { AppError } from '../../model/errors.js'
import type { TerminalSize } from '../../model/terminal.js'

const GOOD_MS = 30_000
/** Terminals that one person may have at once, those asked for included. */
const MOST_PER_PERSON = 8

/** Whose ticket it is, and for what. */
export interface Ticket {
  login: string
  /** The session that asked; undefined for the machine's root. */
  session: string | undefined
  site: string
  size: TerminalSize
}

export interface TerminalTickets {
  /** AppError `limit_reached` when that person has too many terminals. */
  issue(ticket: Ticket): string
  /** What a ticket is for, once, and how to say that its terminal has ended. AppError `forbidden` when it is another's, too old, or used. */
  redeem(text: string, by: Omit<Ticket, 'size'>): { size: TerminalSize; end(): void }
}

export function makeTerminalTickets(now: () => number): TerminalTickets {
  const issued = new Map<string, Ticket & { issuedAt: number }>()
  const open = new Map<string, number>()
  const count = (login: string, change: number): void => {
    const left = (open.get(login) ?? 0) + change
    if (left > 0) open.set(login, left)
    else open.delete(login)
  }
  const forgetOld = (): void => {
    for (const [text, { issuedAt }] of issued) if (now() - issuedAt > GOOD_MS) issued.delete(text)
  }
  return {
    issue(ticket) {
      forgetOld()
      const asked = [...issued.values()].filter(({ login }) => login === ticket.login).length
      if (asked + (open.get(ticket.login) ?? 0) >= MOST_PER_PERSON)
        throw new AppError('limit_reached', `You have ${MOST_PER_PERSON} terminals already.`, {
          hint: 'Close one of them.',
        })
      const text = randomBytes(32).toString('base64url')
      issued.set(text, { ...ticket, issuedAt: now() })
      return text
    },
    redeem(text, by) {
      forgetOld()
      const ticket = issued.get(text)
      issued.delete(text)
      const isTheirs = ticket?.login === by.login && ticket.session === by.session && ticket.site === by.site
      if (!ticket || !isTheirs) throw new AppError('forbidden', 'This ticket for a terminal is not good any more.')
      count(ticket.login, 1)
      return { size: ticket.size, end: () => count(ticket.login, -1) }
    },
  }
}
