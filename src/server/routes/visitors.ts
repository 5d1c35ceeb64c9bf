import type { FastifyInstance } from 'fastify'
import { renderVisitorPage } from '../proxy/visitor-page.js'
import { findVisitedSite, type VisitedContext } from '../sites/visited-site.js'

const HOST = 'x-ruche-visitor-host'
const NOT_FOUND = 404

/** Answers the front proxy, which asks what a visitor is to see in place of a site that did not answer. Only it can set the header. */
export function answerVisitors(app: FastifyInstance, context: VisitedContext): void {
  app.addHook('onRequest', async (request, reply) => {
    const host = request.headers[HOST]
    if (typeof host !== 'string' || host === '') return undefined
    const site = await findVisitedSite(context, host)
    if (!site) return reply.code(NOT_FOUND).send()
    const language = preferredLanguage(request.headers['accept-language'])
    const { status, html, headers } = renderVisitorPage({ ...site, language })
    return reply.code(status).headers(headers).send(html)
  })
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
