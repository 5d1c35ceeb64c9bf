import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readSettings } from '../../model/site-settings.js'
import type { Dependencies } from '../dependencies.js'
import type { VisitorReason } from '../proxy/render-headers.js'
import { PASS_COOKIE } from '../proxy/session-cookie.js'
import { renderVisitorPage } from '../proxy/visitor-page.js'
import type { VisitorKind } from '../proxy/visitor-words.js'
import type { SiteRecord } from '../register/sites.js'
import { mayVisit } from '../sites/may-visit.js'
import { findSilence, findSiteOfHost } from '../sites/visited-site.js'

const HOST = 'x-ruche-visitor-host'

type Visitors = Pick<Dependencies, 'register' | 'observed' | 'naming' | 'passes' | 'memberships'>

/** A question of the front proxy about a visitor of that host. */
interface Visit {
  host: string
  site: SiteRecord
  request: FastifyRequest
  reply: FastifyReply
}

/** Answers the front proxy, which asks what a visitor is to see in place of a site, and whether a visitor may see it. Only it can set these headers. */
export function answerVisitors(app: FastifyInstance, visitors: Visitors): void {
  app.addHook('onRequest', async (request, reply) => {
    const host = headerOf(request, HOST)
    if (host === '') return undefined
    const reason = headerOf(request, 'x-ruche-visitor-reason') as VisitorReason
    const site = await findSiteOfHost(visitors, host)
    if (!site) return reason === 'unproven' ? sendPage(request, reply, 'unproven', host) : reply.code(404).send()
    const visit = { host, site, request, reply }
    if (reason === 'check') return checkVisit(visitors, visit)
    if (reason === 'sign-in') return askToSignIn(visitors, visit)
    if (reason === 'enter') return letIn(visitors, visit)
    return explain(visitors, visit, reason)
  })
}

function explain(visitors: Visitors, { site, request, reply }: Visit, reason: VisitorReason): FastifyReply {
  const settings = readSettings(site.settings)
  const causeUrl = `${visitors.naming.panelOrigin}/sites/${site.name}`
  if (reason === 'maintenance')
    return sendPage(request, reply, 'maintenance', site.name, { ownText: settings?.maintenanceText, causeUrl })
  if (reason === 'refused') return sendPage(request, reply, 'refused', site.name, { ownText: settings?.forbiddenText })
  if (reason === 'password' || reason === 'unproven') return sendPage(request, reply, reason, site.name)
  return sendPage(request, reply, findSilence(visitors, site), site.name, { causeUrl })
}

function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  kind: VisitorKind,
  siteName: string,
  more: { ownText?: string | undefined; causeUrl?: string } = {},
): FastifyReply {
  const language = preferredLanguage(request.headers['accept-language'])
  const { status, html, headers } = renderVisitorPage({ kind, siteName, language, ...more })
  return reply.code(status).headers(headers).send(html)
}

async function checkVisit({ passes, memberships }: Visitors, { host, site, request, reply }: Visit) {
  const { visitors } = readSettings(site.settings) ?? {}
  // The front proxy is about to hear of the change.
  if (visitors === 'everybody') return reply.code(204).send()
  const token = request.headers.cookie?.startsWith(`${PASS_COOKIE}=`)
    ? request.headers.cookie.slice(PASS_COOKIE.length + 1)
    : ''
  const who = token === '' ? undefined : await passes.holder(token, { site: site.name, host })
  if (!who) return reply.code(401).send()
  return reply.code((await mayVisit(memberships, who, site)) ? 204 : 403).send()
}

// A page is led to the panel; what a page's script or a program asks for could do nothing with that.
function askToSignIn({ naming }: Visitors, { host, request, reply }: Visit): FastifyReply {
  const mode = headerOf(request, 'sec-fetch-mode')
  const isPage = headerOf(request, 'x-ruche-visitor-method') === 'GET' && (mode === 'navigate' || mode === '')
  reply.header('cache-control', 'no-store')
  if (!isPage) return reply.code(401).header('content-type', 'text/plain').send('Sign in first.\n')
  const query = new URLSearchParams({ host, to: wantedPath(request) })
  return reply.code(302).header('location', `${naming.panelOrigin}/visit?${query}`).send()
}

async function letIn({ passes }: Visitors, { host, request, reply }: Visit): Promise<FastifyReply> {
  const ticket = new URL(wantedPath(request), 'http://site').searchParams.get('ticket') ?? ''
  const entry = await passes.redeem(ticket, host)
  reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer')
  // A ticket that is used up: the site itself leads to another one, when one is needed.
  if (!entry) return reply.code(303).header('location', '/').send()
  const cookie = `${PASS_COOKIE}=${entry.token}; Path=/; Secure; HttpOnly; SameSite=Lax`
  return reply.code(303).header('set-cookie', cookie).header('location', entry.to).send()
}

/** The front proxy tells at most so many characters; what is cut off leads nowhere. */
const MOST_CHARACTERS = 1000

function wantedPath(request: FastifyRequest): string {
  const uri = headerOf(request, 'x-ruche-visitor-uri')
  return uri.startsWith('/') && uri.length < MOST_CHARACTERS ? uri : '/'
}

function headerOf(request: FastifyRequest, name: string): string {
  const value = request.headers[name]
  return typeof value === 'string' ? value : ''
}

/** The first of our languages in the order of an Accept-Language header (RFC 9110 §12.5.4). */
export function preferredLanguage(header: string | undefined): 'en' | 'fr' {
  const wanted = (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
      const quality = parameters.map((one) => /^\s*q=([\d.]+)$/.exec(one)?.[1]).find((value) => value !== undefined)
      return { language: tag.split('-')[0], quality: Number(quality ?? 1) }
    })
    .filter(({ language, quality }) => (language === 'en' || language === 'fr') && quality > 0)
    .sort((a, b) => b.quality - a.quality)
  return wanted[0]?.language === 'fr' ? 'fr' : 'en'
}
