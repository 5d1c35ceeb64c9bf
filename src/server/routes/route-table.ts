import type { FastifyReply, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import type { Api, ApiName, ApiRequest, ApiResult } from '../../model/api.js'
import type { Requester } from '../access/requester.js'
import type { SiteRecord } from '../register/sites.js'

/** What a route's function is told beside its checked input. */
export interface Call {
  request: FastifyRequest
  reply: FastifyReply
  /** Where the request came from, as the front proxy saw it; '' over root's socket. */
  address: string
}
type CallOf<N extends ApiName> = Api[N]['access'] extends 'public'
  ? Call & { who: Requester | undefined }
  : Api[N]['access'] extends `site.${string}`
    ? Call & { who: Requester; site: SiteRecord }
    : Call & { who: Requester }

export type RouteFunction<N extends ApiName> = (input: ApiRequest<N>, call: CallOf<N>) => Promise<ApiResult<N>>

/** A function for every route of the API; a new entry of the table without one does not compile. */
export type RouteTable = { [N in ApiName]: RouteFunction<N> }

/** The routes that become WebSockets. */
export type SocketName = { [N in ApiName]: Api[N] extends { socket: true } ? N : never }[ApiName]
/** What becomes of a connection then. An AppError that it throws is told, and the end of it. */
export type SocketTable = {
  [N in SocketName]: (input: ApiRequest<N>, call: CallOf<N> & { socket: WebSocket }) => void
}
