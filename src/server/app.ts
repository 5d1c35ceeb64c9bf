import cookie from '@fastify/cookie'
import websocket from '@fastify/websocket'
import Fastify, { type FastifyInstance } from 'fastify'
import { ARCHIVE_TYPE } from '../model/backup.js'
import { AppError } from '../model/errors.js'
import type { Dependencies } from './dependencies.js'
import { activityRoutes } from './routes/activity.js'
import { announcementRoutes } from './routes/announcements.js'
import { backupRoutes } from './routes/backups.js'
import { collaboratorRoutes } from './routes/collaborators.js'
import { databaseRoutes } from './routes/database.js'
import { deployRoutes } from './routes/deploy.js'
import { domainRoutes } from './routes/domains.js'
import { type Door, panelDoor, rootDoor } from './routes/door.js'
import { environmentRoutes } from './routes/environment.js'
import { answerErrors, refuseAddress } from './routes/error-answers.js'
import { eventRoutes } from './routes/events.js'
import { fileTransferRoutes } from './routes/file-transfers.js'
import { fileRoutes } from './routes/files.js'
import { offSiteRoutes } from './routes/off-site.js'
import { operationRoutes } from './routes/operations.js'
import { guardPanel, type PanelSettings, servePages } from './routes/panel.js'
import { peopleRoutes } from './routes/people.js'
import { platformRoutes } from './routes/platform.js'
import { profileRoutes } from './routes/profile.js'
import { registerRoutes } from './routes/register-routes.js'
import type { RouteTable, SocketTable } from './routes/route-table.js'
import { sessionRoutes } from './routes/session.js'
import { siteInsideRoutes } from './routes/site-inside.js'
import { siteLogRoutes } from './routes/site-logs.js'
import { siteSettingsRoutes } from './routes/site-settings.js'
import { siteVerbRoutes } from './routes/site-verbs.js'
import { siteRoutes } from './routes/sites.js'
import { stackRoutes } from './routes/stack.js'
import { templateRoutes } from './routes/templates.js'
import { terminalRoutes, terminalSockets } from './routes/terminal.js'
import { makeTerminalTickets } from './routes/terminal-tickets.js'
import { answerVisitors } from './routes/visitors.js'
import { zoneRecordRoutes } from './routes/zone-records.js'

/** Longest message of a WebSocket: what is typed or pasted. */
const MOST_SOCKET_BYTES = 64 * 1024

/** The HTTP API for the machine's root (`'root'`), or with sessions and pages for browsers behind the front proxy. */
export async function buildApp(dependencies: Dependencies, panel: PanelSettings | 'root'): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 500 },
  })
  acceptBodies(app)
  await app.register(websocket, { options: { maxPayload: MOST_SOCKET_BYTES } })
  answerErrors(app, dependencies.log)
  // Whatever says nothing else is somebody's own; an address can be spelled in many ways, so it is not asked.
  app.addHook('onSend', async (_, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
  if (panel === 'root') {
    app.setNotFoundHandler(refuseAddress)
    registerRoutes(app, rootDoor, dependencies, tables(dependencies, rootDoor))
    return app
  }
  await app.register(cookie)
  answerVisitors(app, dependencies)
  guardPanel(app, panel)
  const door = panelDoor(dependencies.sessions, dependencies.tokens, panel)
  registerRoutes(app, door, dependencies, tables(dependencies, door))
  await servePages(app, panel.webFolder)
  return app
}

function tables(dependencies: Dependencies, door: Door): { routes: RouteTable; sockets: SocketTable } {
  const tickets = makeTerminalTickets(Date.now)
  const routes: RouteTable = {
    ...sessionRoutes(dependencies, door),
    ...profileRoutes(dependencies),
    ...siteRoutes(dependencies),
    ...siteVerbRoutes(dependencies),
    ...domainRoutes(dependencies),
    ...zoneRecordRoutes(dependencies),
    ...environmentRoutes(dependencies),
    ...stackRoutes(dependencies),
    ...siteSettingsRoutes(dependencies),
    ...collaboratorRoutes(dependencies),
    ...deployRoutes(dependencies),
    ...siteInsideRoutes(dependencies),
    ...siteLogRoutes(dependencies),
    ...fileRoutes(dependencies),
    ...backupRoutes(dependencies),
    ...offSiteRoutes(dependencies),
    ...operationRoutes(dependencies),
    ...activityRoutes(dependencies),
    ...eventRoutes(dependencies),
    ...peopleRoutes(dependencies),
    ...announcementRoutes(dependencies),
    ...platformRoutes(dependencies),
    ...templateRoutes(dependencies),
    ...fileTransferRoutes(dependencies),
    ...databaseRoutes(dependencies),
    ...terminalRoutes(dependencies, tickets),
  }
  return { routes, sockets: terminalSockets(dependencies, tickets) }
}

// A form or a text/plain body is what another site's page can send without asking first.
function acceptBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  // A file: its route reads it, as far as it likes.
  app.addContentTypeParser('application/octet-stream', (_request, body, done) => done(null, body))
  // An archive is too large to be read before somebody has decided what becomes of it.
  app.addContentTypeParser(ARCHIVE_TYPE, (_request, payload, done) => done(null, payload))
  app.addContentTypeParser('application/json', { parseAs: 'string' }, async (_: unknown, body: string) => {
    try {
      return body === '' ? undefined : JSON.parse(body)
    } catch (error) {
      throw new AppError('invalid', 'The request is not well formed.', { cause: error })
    }
  })
}
