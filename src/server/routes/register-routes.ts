import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import type * as z from 'zod'
import type { ApiEntry } from '../../model/api/entry.js'
import { type ApiName, api } from '../../model/api.js'
import { check } from '../../model/check.js'
import { AppError, asAppError, toErrorBody } from '../../model/errors.js'
import { findRefusal } from '../access/allowed.js'
import type { Requester } from '../access/requester.js'
import type { Dependencies } from '../dependencies.js'
import { newId } from '../new-id.js'
import type { Register } from '../register/register.js'
import { findSite, type SiteRecord } from '../register/sites.js'
import type { Door } from './door.js'
import { noteAct } from './note-acts.js'
import type { RouteTable, SocketTable } from './route-table.js'

type AnyRouteFunction = (input: unknown, call: unknown) => Promise<unknown>
type AnySocketFunction = (input: unknown, call: unknown) => void

const MIB = 1024 ** 2
/** Bodies that carry a file or a program's input; the others are small. */
const BODY_LIMIT_BYTES: Partial<Record<ApiName, number>> = { saveFile: 4 * MIB, execInSite: 32 * MIB }
const SMALL_BODY_BYTES = 256 * 1024

/** Registers every route of the API table: who may use it, whether its input is right, then its function. */
export function registerRoutes(
  app: FastifyInstance,
  door: Door,
  { register, activity }: Pick<Dependencies, 'register' | 'activity'>,
  { routes, sockets }: { routes: RouteTable; sockets: SocketTable },
): void {
  const notes = { activity, findSite: (name: string) => findSite(register.db, name) }
  const admitted = new WeakMap<FastifyRequest, Admitted>()
  for (const name of Object.keys(api) as ApiName[]) {
    const entry: ApiEntry = api[name]
    const run = routes[name] as AnyRouteFunction
    const serve = (sockets as Partial<Record<ApiName, AnySocketFunction>>)[name]
    app.route({
      method: entry.method,
      url: entry.path,
      bodyLimit: BODY_LIMIT_BYTES[name] ?? SMALL_BODY_BYTES,
      // Before the body is read: who may not come in cannot make us read much.
      onRequest: async (request, reply) => {
        admitted.set(request, await admit(door, register, entry, request, reply))
      },
      handler: async (request, reply) => {
        const { who, site, params } = getAdmitted(admitted, request)
        const address = door.addressOf(request)
        const input = readInput(entry, params, request)
        const call = { request, reply, who, site, address }
        const result = await noteAct(notes, { name, entry, who, site, address }, input, () => run(input, call))
        return reply.sent || isStream(result) ? result : entry.result.parse(result)
      },
      ...(serve && {
        wsHandler: (socket, request) => {
          const { who, site, params } = getAdmitted(admitted, request)
          const call = { request, who, site, address: door.addressOf(request), socket }
          serveOrRefuse(socket, () => serve(readInput(entry, params, request), call))
        },
      }),
    })
  }
}

function readInput(entry: ApiEntry, params: unknown, request: FastifyRequest): object {
  return {
    ...(entry.params && { params }),
    ...(entry.query && { query: check(entry.query, request.query, 'The address') }),
    ...(entry.body && { body: check(entry.body, request.body, 'The request') }),
  }
}

const POLICY = 1008

function serveOrRefuse(socket: WebSocket, serve: () => void): void {
  try {
    serve()
  } catch (error) {
    socket.send(JSON.stringify({ error: toErrorBody(asAppError(error), newId()) }))
    socket.close(POLICY)
  }
}

/** Who was let in, to which site. */
interface Admitted {
  who: Requester | undefined
  site: SiteRecord | undefined
  params: unknown
}

function getAdmitted(admitted: WeakMap<FastifyRequest, Admitted>, request: FastifyRequest): Admitted {
  const found = admitted.get(request)
  if (!found)
    throw new AppError('internal', 'Something went wrong inside.', { cause: new Error('nobody was admitted') })
  return found
}

async function admit(
  door: Door,
  register: Register,
  entry: ApiEntry,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Admitted> {
  const who = await door.identify(request, reply, entry)
  if (!who && entry.access !== 'public') {
    door.forget(reply)
    throw findRefusal(who, entry) ?? new AppError('internal', 'Something went wrong inside.')
  }
  const isAboutSite = entry.access.startsWith('site.')
  // A refusal that does not depend on the site comes before anything is looked at.
  if (!isAboutSite) refuse(findRefusal(who, entry))
  const params = entry.params && check(entry.params as z.ZodType, request.params, 'The address')
  if (!isAboutSite) return { who, site: undefined, params }
  const site = await findSite(register.db, (params as { name: string }).name)
  refuse(findRefusal(who, entry, site))
  return { who, site, params }
}

function refuse(error: AppError | undefined): void {
  if (error) throw error
}

function isStream(result: unknown): boolean {
  return typeof (result as { pipe?: unknown } | undefined)?.pipe === 'function'
}
