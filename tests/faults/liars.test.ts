import { readdir } from 'node:fs/promises'
import { connect as connectHttp2, constants } from 'node:http2'
import { join } from 'node:path'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { VISITOR_IPV4, VM_IPV4, VM_IPV6 } from '../helpers/outer-network.js'
import { BASE, type Lab, openLab, PANEL, readAccessLog } from '../root/proxy/lab/lab.js'
import { openTls, statusesOf, talk, visitRaw } from '../root/proxy/lab/raw-visit.js'

const SHOP = `shop.${BASE}`
const LIAR = `liar.${BASE}`
const SITES = ['shop', 'liar'].map((name, index) => ({
  name,
  ipv4: `10.1.1.${index + 2}`,
  domains: [`${name}.${BASE}`],
}))
const STACKS = [
  ['-4', '--http1.1'],
  ['-4', '--http2'],
  ['-6', '--http1.1'],
  ['-6', '--http2'],
] as const
let lab: Lab

beforeAll(async () => {
  lab = await openLab([SHOP, LIAR])
  await lab.startPanel()
  await lab.listen('shop', '10.1.1.2', 'echo')
  await lab.listen('liar', '10.1.1.3', 'liar')
  await lab.open({ limits: { siteTimeoutMs: 1_000 } })
  await lab.apply(SITES)
})
afterAll(() => lab?.close())
beforeEach(() => lab.forget())

const isServed = async () => expect((await lab.curl('--max-time', '5', `https://${SHOP}/`)).status).toBe(200)

describe.each(STACKS)('PRX-7, PRX-11: a site that lies, over %s and %s', (family, protocol) => {
  // What the visitor may be told: an error of ours, or what can be read in one way only.
  test.each([
    ['interim', [502, 503, 0, 100]],
    ['hints', [502, 503, 0, 103]],
    ['headers', [503]],
    ['header', [503]],
    ['statusLine', [503]],
    ['status', [999]],
    ['noStatus', [503, 200, 0]],
    ['switch', [101, 502, 503, 0]],
    ['shortBody', [200]],
    ['longBody', [200]],
    ['twoLengths', [503, 200]],
    ['bothLengths', [503, 200]],
    ['badChunk', [200, 0]],
    ['nul', [503]],
    ['folded', [503, 200]],
    ['flood', [200]],
  ])('%s harms nobody', async (kind, expected) => {
    const answer = lab.curl(
      family,
      protocol,
      '--max-time',
      '4',
      '-o',
      '/dev/null',
      '-D',
      '-',
      `https://${LIAR}/${kind}`,
    )
    await isServed()
    const { status, headers } = await answer
    expect(expected, headers).toContain(status)
    expect(headers).not.toMatch(/^x-(injected|second)/im)
    await isServed()
    expect(await lab.seen('liar')).toHaveLength(1)
  })
})

test('PRX-7: nothing of that was kept on the disk of the machine', async () => {
  const run = join(lab.root, 'run/proxy')
  for (const name of await readdir(run)) if (name !== 'nginx.pid') expect(await readdir(join(run, name))).toEqual([])
  expect(lab.proxyOutput()).not.toMatch(/\[(alert|emerg)\]/)
})

describe.each(STACKS)('PRX-11: over %s and %s', (family, protocol) => {
  test('PRX-5: nobody is whoever an outside proxy would say', async () => {
    const lies = ['Remote-User', 'X-Remote-User', 'X-Forwarded-User', 'X-Auth-Request-User', 'X-Forwarded-Client-Cert']
    const more = [
      'Client-IP',
      'X-Original-Forwarded-For',
      'CF-Connecting-IPv6',
      'X-Envoy-External-Address',
      'Via-Proxy',
    ]
    const args = [...lies, ...more.slice(0, 4), 'Proxy-Authorization'].flatMap((name) => ['-H', `${name}: 6.6.6.6`])
    const { text } = await lab.curl(family, protocol, ...args, `https://${SHOP}/`)
    expect(text).not.toContain('6.6.6.6')
  })
})

test('the log keeps the beginning of what a visitor makes long', async () => {
  const long = 'a'.repeat(3500)
  const { status } = await lab.curl('-A', long, '-e', `http://x/${long}`, `https://${SHOP}/trim${long}`)
  expect(status).toBe(200)
  const lines = await readAccessLog(lab, (all) => all.some(({ uri }) => uri.startsWith('/trim')))
  const line = lines.find(({ uri }) => uri.startsWith('/trim'))
  expect(line?.uri).toHaveLength(1000)
  expect(line?.agent).toHaveLength(300)
  expect(JSON.stringify(line).length).toBeLessThan(2500)
})

async function openHttp2(name: string): Promise<TLSSocket> {
  const socket = await lab.connect({ host: VM_IPV6, port: 443 })
  return new Promise((resolve, reject) => {
    const options = { socket, servername: name, rejectUnauthorized: false, ALPNProtocols: ['h2'] }
    const tls = connectTls(options, () => resolve(tls))
    tls.once('error', reject)
  })
}

/** Preface and empty settings (RFC 9113 §3.4), then these frames; everything that comes back until it closes or is silent. */
async function speakHttp2(frames: Buffer[], name = SHOP): Promise<Buffer> {
  const tls = await openHttp2(name)
  const chunks: Buffer[] = []
  const ended = new Promise<void>((resolve) => {
    let timer = setTimeout(resolve, 2_000)
    tls.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      clearTimeout(timer)
      timer = setTimeout(resolve, 1_000)
    })
    for (const event of ['close', 'error']) tls.on(event, () => resolve())
  })
  tls.write(
    Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), http2Frame(4, 0, 0, Buffer.alloc(0)), ...frames]),
  )
  await ended
  tls.destroy()
  return Buffer.concat(chunks)
}

function http2Frame(type: number, flags: number, stream: number, body: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(body.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, body])
}

/** Literal header fields without indexing (RFC 7541 §6.2.2). */
function http2Headers(fields: [string, string][]): Buffer {
  // RFC 7541 §5.1, for lengths below 127 + 2^14.
  const length = (value: number) => (value < 127 ? [value] : [127, ((value - 127) & 0x7f) | 0x80, (value - 127) >> 7])
  const text = (value: string) => Buffer.concat([Buffer.from(length(value.length)), Buffer.from(value, 'latin1')])
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]))
}

const ASK: [string, string][] = [
  [':method', 'GET'],
  [':scheme', 'https'],
  [':path', '/h2'],
  [':authority', SHOP],
]
const END = 0x1 | 0x4
const without = (name: string) => ASK.filter(([each]) => each !== name)

describe('PRX-4, PRX-11: HTTP/2', () => {
  test('a request that is right is answered: the frames are', async () => {
    await speakHttp2([http2Frame(1, END, 1, http2Headers(ASK))])
    expect((await lab.seen('shop')).map(({ url }) => url)).toEqual(['/h2'])
  })

  test.each<[string, [string, string][]]>([
    ['two authorities', [...ASK, [':authority', PANEL]]],
    ['two paths', [...ASK, [':path', '/other']]],
    ['a line end in the path', [...without(':path'), [':path', '/h2 HTTP/1.1\r\nX-Injected: 1']]],
    ['a line end in the method', [...without(':method'), [':method', 'GET /x HTTP/1.1\r\nX: y']]],
    ['a line end in the authority', [...without(':authority'), [':authority', `${SHOP}\r\nX-Injected: 1`]]],
    ['a line end in a value', [...ASK, ['x-a', 'b\r\nx-injected: 1']]],
    ['a zero byte in a value', [...ASK, ['x-a', 'b\0c']]],
    ['a line end in a name', [...ASK, ['x-a\r\nx-injected', '1']]],
    ['an upper-case name', [...ASK, ['X-A', '1']]],
    ['a header of the connection', [...ASK, ['transfer-encoding', 'chunked']]],
    ['no path', without(':path')],
    ['a path that is none', [...without(':path'), [':path', 'h2']]],
    ['a pseudo header of an answer', [...ASK, [':status', '200']]],
    ['a pseudo header too late', [...without(':path'), ['x-a', '1'], [':path', '/h2']]],
    ['an unknown name', [...without(':authority'), [':authority', `nobody.${BASE}`]]],
  ])('%s: at most one harmless request reaches the site', async (_what, fields) => {
    await speakHttp2([http2Frame(1, END, 1, http2Headers(fields))])
    for (const { url, headers } of await lab.seen('shop')) {
      expect(url).toMatch(/^\/h2$/)
      expect(headers).toMatchObject({ host: SHOP })
      expect(headers).not.toHaveProperty('x-injected')
      expect(headers).not.toHaveProperty('transfer-encoding')
    }
    await isServed()
  })

  test('Host and authority that differ: the site is told one, and the certificate fits it', async () => {
    await speakHttp2([http2Frame(1, END, 1, http2Headers([...ASK, ['host', PANEL]]))])
    for (const { headers } of await lab.seen('shop')) expect(headers).toMatchObject({ host: SHOP })
    expect(await lab.seen('panel')).toEqual([])
  })

  test.each([
    [
      'resets as fast as it can',
      () => manyFrames(5000, (at) => [http2Frame(1, END, at, http2Headers(ASK)), RESET(at)]),
    ],
    [
      'never ends its headers',
      () => [http2Frame(1, 0x1, 1, http2Headers(ASK)), ...manyFrames(3000, () => [http2Frame(9, 0, 1, LONG)])],
    ],
    [
      'changes settings without end',
      () => manyFrames(20_000, () => [http2Frame(4, 0, 0, Buffer.from([0, 1, 0, 0, 16, 0]))]),
    ],
    ['pings without end', () => manyFrames(20_000, () => [http2Frame(6, 0, 0, Buffer.alloc(8))])],
    ['sends empty frames', () => manyFrames(20_000, () => [http2Frame(0, 0, 1, Buffer.alloc(0))])],
  ])('a visitor who %s delays nobody', async (_what, makeFrames) => {
    const attack = speakHttp2(makeFrames())
    await isServed()
    await attack
    await isServed()
    expect(lab.nginx()?.exitCode).toBeNull()
  })

  test('a visitor who asks for much and reads nothing takes no more than its window', async () => {
    const socket = await openHttp2(LIAR)
    const session = connectHttp2(`https://${LIAR}`, { createConnection: () => socket })
    session.on('error', () => undefined)
    const streams = Array.from({ length: 20 }, () => session.request({ [constants.HTTP2_HEADER_PATH]: '/flood' }))
    for (const stream of streams) stream.on('error', () => undefined).pause()
    await isServed()
    session.destroy()
    await isServed()
  })
})

const LONG = http2Headers([['x-long', 'a'.repeat(100)]])
const RESET = (stream: number) => http2Frame(3, 0, stream, Buffer.from([0, 0, 0, 8]))

function manyFrames(count: number, make: (stream: number) => Buffer[]): Buffer[] {
  return Array.from({ length: count }, (_, at) => make(2 * at + 1)).flat()
}

describe('NET-12, PRX-3: one source', () => {
  test('that asks too often is told so, whatever addresses of its IPv6 network it uses; another is not', async () => {
    await lab.open({ limits: { perSource: 5 } })
    await lab.apply(SITES)
    for (const tail of ['a', 'b'])
      await lab.network.run(lab.network.visitor, [
        'ip',
        'address',
        'add',
        `2001:db8:1::${tail}/64`,
        'dev',
        'eth0',
        'nodad',
      ])
    const ask = Array.from({ length: 60 }, () => `GET / HTTP/1.1\r\nHost: ${SHOP}\r\n\r\n`)
    const from = async (address: string) =>
      statusesOf(await visitFrom(address, `${ask[0]?.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')}`))[0]
    const statuses = (await Promise.all(ask.map(() => from('2001:db8:1::a')))) as number[]
    expect(statuses.filter((status) => status === 429 || status === 503).length).toBeGreaterThan(0)
    const burst = []
    for (let at = 0; at < 80; at += 1) burst.push(await from(at % 2 ? '2001:db8:1::a' : '2001:db8:1::b'))
    expect(burst).toContain(429)
    expect(
      statusesOf(await visitRaw(lab, SHOP, `GET / HTTP/1.1\r\nHost: ${SHOP}\r\nConnection: close\r\n\r\n`, VM_IPV4)),
    ).toEqual([200])
    const lines = await readAccessLog(lab, (all) => all.some(({ address }) => address === VISITOR_IPV4))
    expect(lines.filter(({ status }) => status === 429)).toEqual([])
  })
})

async function visitFrom(address: string, bytes: string): Promise<string> {
  const socket = await lab.connect({ host: VM_IPV6, port: 443, from: address })
  return talk(await openTls(socket, SHOP), bytes)
}
