import type { Phase } from '../../model/container.js'
import { AppError } from '../../model/errors.js'
import type { Dependencies } from '../dependencies.js'
import type { RouteTable, SocketTable } from './route-table.js'
import { serveTerminal } from './serve-terminal.js'
import type { TerminalTickets } from './terminal-tickets.js'

/** What a terminal can be opened in: one that sleeps wakes for it. */
const UP: (Phase | undefined)[] = ['running', 'asleep']

export function terminalRoutes(
  { observed }: Dependencies,
  tickets: TerminalTickets,
): Pick<RouteTable, 'openTerminal' | 'joinTerminal'> {
  return {
    async openTerminal({ body }, { who, site }) {
      if (!UP.includes(observed.find(site.name)?.phase))
        throw new AppError('conflict', 'The site does not run.', { hint: 'Start it first.' })
      return {
        ticket: tickets.issue({ login: who.login, session: who.session, site: site.name, size: body.size }),
      }
    },
    joinTerminal: () => Promise.reject(new AppError('invalid', 'Only a WebSocket can be opened here.')),
  }
}

/** What becomes of a connection once it is a WebSocket. */
export function terminalSockets(dependencies: Dependencies, tickets: TerminalTickets): SocketTable {
  return {
    joinTerminal: ({ query }, { who, site, socket }) => {
      const { size, end } = tickets.redeem(query.ticket, {
        login: who.login,
        session: who.session,
        site: site.name,
      })
      socket.once('close', end)
      serveTerminal(dependencies, { who, site: site.name, size }, socket)
    },
  }
}
