import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import pages from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import type { PanelSettings as DoorSettings } from './door.js'
import { refuseAddress } from './error-answers.js'

export interface PanelSettings extends DoorSettings {
  /** The built pages. */
  webFolder: string
}

const HEADERS = {
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "frame-src 'none'",
    "worker-src 'none'",
    // No script of ours makes HTML out of text, and none can be made to.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

const MISDIRECTED = 421

/** Answers only to the panel's own name (against DNS rebinding), and tells browsers what its pages may do. */
export function guardPanel(app: FastifyInstance, { origin }: PanelSettings): void {
  const { host, hostname } = new URL(origin)
  app.addHook('onRequest', async (request, reply) => {
    const named = request.headers.host
    if (named !== host && named !== hostname) return reply.code(MISDIRECTED).send()
    return undefined
  })
  app.addHook('onSend', async (_, reply) => {
    for (const [name, value] of Object.entries(HEADERS)) if (!reply.hasHeader(name)) reply.header(name, value)
  })
}

/** The built pages: every address that is no file and no route is the application's own. */
export async function servePages(app: FastifyInstance, webFolder: string): Promise<void> {
  if (!existsSync(join(webFolder, 'index.html'))) {
    app.setNotFoundHandler(refuseAddress)
    return
  }
  await app.register(pages, {
    root: webFolder,
    cacheControl: false,
    setHeaders: (reply, path) => {
      // Vite puts the content's hash into these files' names.
      const isHashed = path.startsWith(join(webFolder, 'assets') + sep)
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? ''
    const isPage = request.method === 'GET' && !path.startsWith('/api/') && !path.startsWith('/assets/')
    if (isPage) return reply.sendFile('index.html')
    return refuseAddress()
  })
}
