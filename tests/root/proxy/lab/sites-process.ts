// Runs on the lab's machine: small sites with good and bad manners, and the panel. What they were asked is kept for the tests.

import { createHash } from 'node:crypto'
import { chown, unlink } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTcpServer, type Socket } from 'node:net'
import { renderVisitorPage } from '../../../../src/server/proxy/visitor-page.js'
import { VISITOR_KINDS } from '../../../../src/server/proxy/visitor-words.js'
import { connectEnds } from './messages.js'

export interface Seen {
  method: string
  url: string
  headers: Record<string, string>
  bodyBytes: number
}

const seen = new Map<string, Seen[]>()
const raw = new Map<string, string[]>()
const closers = new Map<string, () => Promise<void>>()

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void

function note(who: string, entry: Seen): void {
  seen.set(who, [...(seen.get(who) ?? []), entry])
}

function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('error', reject)
  })
}

/** One entry per header as it came, so that a header sent twice is seen as such. */
function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? '').toLowerCase()
    const value = request.rawHeaders[index + 1] ?? ''
    headers[name] = name in headers ? `${headers[name]} | ${value}` : value
  }
  return headers
}

function makeServer(who: string, answer: Answer) {
  const server = createServer({ keepAlive: false, requestTimeout: 0 }, (request, response) => {
    request.on('error', () => undefined)
    readBody(request).then(
      (body) => {
        const { method = '', url = '' } = request
        note(who, { method, url, headers: headersOf(request), bodyBytes: body.length })
        answer(request, response, body)
      },
      () => undefined,
    )
  })
  server.on('upgrade', (request, socket) => {
    note(who, { method: 'UPGRADE', url: request.url ?? '', headers: headersOf(request), bodyBytes: 0 })
    acceptWebSocket(request, socket as Socket)
  })
  return server
}

// RFC 6455: accepts, then answers each short text frame with the same text in capitals.
function acceptWebSocket(request: IncomingMessage, socket: Socket): void {
  const key = request.headers['sec-websocket-key'] ?? ''
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  socket.on('error', () => undefined)
  socket.on('data', (frame: Buffer) => {
    const length = (frame[1] ?? 0) & 0x7f
    const mask = frame.subarray(2, 6)
    const text = Buffer.from(frame.subarray(6, 6 + length).map((byte, index) => byte ^ (mask[index % 4] ?? 0)))
    const answer = Buffer.from(text.toString().toUpperCase())
    socket.write(Buffer.concat([Buffer.from([0x81, answer.length]), answer]))
  })
}

const answers: Record<string, (who: string) => Answer> = {
  echo: (who) => (request, response, body) => {
    const page = {
      site: who,
      method: request.method,
      url: request.url,
      headers: headersOf(request),
      bodyBytes: body.length,
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(page))
  },
  // Everything that a hostile site could say to steer the proxy or to be taken for it.
  hostile: () => (request, response) => {
    const headers: Record<string, string> = {
      'x-accel-redirect': (request.headers['x-wanted'] as string) ?? '/',
      'x-accel-limit-rate': '1',
      'x-accel-buffering': 'yes',
      'x-accel-expires': '3600',
      'x-accel-charset': 'utf-7',
      server: 'evil/1.0',
      'content-type': 'text/plain',
    }
    response.writeHead(200, headers).end('own words'.repeat(1000))
  },
  error: () => (request, response) => {
    response.writeHead(Number(request.url?.slice(1)), { 'content-type': 'text/plain' }).end('the site’s own error')
  },
  stream: () => (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: first\n\n')
    const timer = setTimeout(() => response.end('data: last\n\n'), 3_000)
    response.on('close', () => clearTimeout(timer))
  },
  // A page that is another one each time it is made; the path says what is odd about it.
  counter: (who) => {
    let count = 0
    return (request, response) => {
      const body = `${who} page ${++count}`
      const path = request.url?.split('?')[0]
      const headers: Record<string, string> = { 'content-type': 'text/html' }
      if (path !== '/chunked') headers['content-length'] = String(body.length)
      if (path === '/private') headers['cache-control'] = 'private'
      if (path === '/cookie') headers['set-cookie'] = 'a=b'
      response.writeHead(200, headers).end(body)
    }
  },
  // News that come after as many milliseconds as the path says.
  poll: () => (request, response) => {
    const ms = Number(request.url?.slice(1))
    const timer = setTimeout(() => response.end(`news after ${ms}`), ms)
    response.on('close', () => clearTimeout(timer))
  },
  text: () => (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/css' }).end('a { color: red }\n'.repeat(500))
  },
}

const OK = 'HTTP/1.1 200 OK\r\n'
/** Answers that are not what they should be: `more` goes on without end. */
const LIES: Record<string, { start: string; more?: string }> = {
  interim: { start: '', more: 'HTTP/1.1 100 Continue\r\n\r\n' },
  hints: { start: '', more: 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n' },
  headers: { start: OK, more: 'X-Endless: 0123456789012345678901234567890123456789\r\n' },
  header: { start: `${OK}X-Long: `, more: 'a'.repeat(10_000) },
  statusLine: { start: 'HTTP/1.1 200 ', more: 'a'.repeat(10_000) },
  status: { start: 'HTTP/1.1 999 Evil\r\nContent-Length: 2\r\n\r\nok' },
  noStatus: { start: 'HTTP/1.1 abc\r\n\r\n' },
  switch: {
    start:
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nHTTP/1.1 200 OK\r\n\r\n',
  },
  shortBody: { start: `${OK}Content-Length: 1000\r\n\r\nshort` },
  longBody: {
    start: `${OK}Content-Length: 5\r\n\r\n12345HTTP/1.1 200 OK\r\nX-Second: 1\r\nContent-Length: 3\r\n\r\ntwo`,
  },
  twoLengths: { start: `${OK}Content-Length: 5\r\nContent-Length: 50\r\n\r\n12345` },
  bothLengths: { start: `${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n` },
  badChunk: { start: `${OK}Transfer-Encoding: chunked\r\n\r\nzz\r\nabc` },
  nul: { start: `${OK}X-A: a\0b\r\nX-B: \rX-Injected: 1\r\nContent-Length: 2\r\n\r\nok` },
  folded: { start: `${OK}X-A: b\r\n X-Injected: 1\r\nContent-Length: 2\r\n\r\nok` },
  flood: { start: `${OK}Content-Type: text/plain\r\n\r\n`, more: 'a'.repeat(65_536) },
}

const GIGABYTE = 1024 ** 3

/** 1 GB of nothing, whole or in parts; what is sent to it is counted and forgotten. */
function answerFile(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'PUT') {
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
    })
    request.on('end', () => response.end(`got ${bytes}`))
    return
  }
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
  const [first, last] = [Number(from ?? 0), Number(to ?? GIGABYTE - 1)]
  const length = last - first + 1
  const range = { 'content-range': `bytes ${first}-${last}/${GIGABYTE}` }
  response.writeHead(from === undefined ? 200 : 206, { 'content-length': length, ...(from !== undefined && range) })
  const block = Buffer.alloc(1024 ** 2)
  let left = length
  const pump = () => {
    while (left > 0 && !response.destroyed) {
      const part = block.subarray(0, Math.min(left, block.length))
      left -= part.length
      if (!response.write(part)) return
    }
    response.end()
  }
  response.on('drain', pump)
  pump()
}

/** Sites that do not even speak HTTP. */
const manners: Record<string, (who: string, socket: Socket) => void> = {
  hang: () => undefined,
  reset: (_who, socket) => socket.resetAndDestroy(),
  resetAfterRequest: (who, socket) =>
    socket.once('data', (chunk: Buffer) => {
      note(who, { method: chunk.toString().split(' ')[0] ?? '', url: '', headers: {}, bodyBytes: 0 })
      socket.resetAndDestroy()
    }),
  garbage: (_who, socket) => socket.end('this is not HTTP\r\n\r\n'),
  // Says what its path names, for as long as it is let.
  liar: (who, socket) =>
    socket.once('data', (chunk: Buffer) => {
      const kind = chunk.toString('latin1').split(' ')[1]?.slice(1) ?? ''
      note(who, { method: 'LIE', url: kind, headers: {}, bodyBytes: 0 })
      const { start, more } = LIES[kind] ?? { start: 'HTTP/1.1 404 Not Found\r\n\r\n' }
      socket.write(Buffer.from(start, 'latin1'))
      if (more === undefined) {
        socket.end()
        return
      }
      const pump = () => {
        while (!socket.destroyed && socket.write(more));
      }
      socket.on('drain', pump)
      pump()
    }),
  raw: (who, socket) => {
    const index = (raw.get(who) ?? []).length
    raw.set(who, [...(raw.get(who) ?? []), ''])
    socket.on('data', (chunk: Buffer) => {
      const all = raw.get(who) ?? []
      all[index] += chunk.toString('latin1')
      raw.set(who, all)
      if (all[index]?.includes('\r\n\r\n'))
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok')
    })
  },
}

async function listen({ who, host, kind }: { who: string; host: string; kind: string }): Promise<void> {
  const answer = answers[kind]
  const whole = kind === 'file' ? createServer({ requestTimeout: 0 }, answerFile) : undefined
  const sockets = new Set<Socket>()
  const plain = () =>
    createTcpServer((socket) => {
      socket.on('error', () => undefined)
      manners[kind]?.(who, socket)
    })
  const server = whole ?? (answer ? makeServer(who, answer(who)) : plain())
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(80, host, () => resolve())
  })
  closers.set(who, async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
    closers.delete(who)
  })
}

/** What the panel says about people: who has the pass `good` may see the site, who has `other` may not. */
const PEOPLE: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  check: (request, response) => {
    const pass = /^__Host-ruche-pass=(\w+)$/.exec(request.headers.cookie ?? '')?.[1]
    response.writeHead(pass === 'good' ? 204 : pass === 'other' ? 403 : 401).end()
  },
  'sign-in': (request, response) =>
    response.writeHead(302, { location: `https://panel.test/visit?${request.headers['x-ruche-visitor-uri']}` }).end(),
  enter: (request, response) => {
    const cookie = `__Host-ruche-pass=good; Path=/; Secure; HttpOnly`
    response
      .writeHead(303, { 'set-cookie': cookie, location: `/${request.headers['x-ruche-visitor-uri']?.length}` })
      .end()
  },
}

async function listenPanel({ path, uid, gid }: { path: string; uid: number; gid: number }): Promise<void> {
  const server = makeServer('panel', (request, response) => {
    const host = request.headers['x-ruche-visitor-host']
    const reason = String(request.headers['x-ruche-visitor-reason'] ?? '')
    if (reason in PEOPLE) PEOPLE[reason]?.(request, response)
    else if (host !== undefined) {
      const language = request.headers['accept-language']?.startsWith('fr') ? 'fr' : 'en'
      const kind = VISITOR_KINDS.find((one) => one === reason) ?? 'stopped'
      const page = renderVisitorPage({ kind, siteName: String(host), language })
      response.writeHead(page.status, { ...page.headers, 'set-cookie': 'session=of-the-panel' }).end(page.html)
    } else response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>the panel</h1>'.repeat(100))
  })
  await unlink(path).catch(() => undefined)
  await new Promise<void>((resolve) => server.listen(path, () => resolve()))
  await chown(path, uid, gid)
  const { chmod } = await import('node:fs/promises')
  await chmod(path, 0o660)
  closers.set('panel', async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    closers.delete('panel')
  })
}

connectEnds(process, {
  listen,
  listenPanel,
  close: (who: string) => closers.get(who)?.(),
  seen: (who: string) => seen.get(who) ?? [],
  raw: (who: string) => raw.get(who) ?? [],
  forget: () => {
    seen.clear()
    raw.clear()
  },
})
process.on('disconnect', () => process.exit())
