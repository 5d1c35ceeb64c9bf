import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { connect as connectHttp2 } from 'node:http2'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { VISITOR_IPV4, VISITOR_IPV6, VM_IPV4, VM_IPV6 } from '../../helpers/outer-network.js'
import { BASE, type Lab, openLab, PANEL, readAccessLog } from './lab/lab.js'
import { openTls, statusesOf, talk, visitRaw } from './lab/raw-visit.js'

const SHOP = `shop.${BASE}`
const CUSTOM = 'www.customer.test'
const SITES = [
  { name: 'shop', ipv4: '10.1.1.2', domains: [SHOP, CUSTOM] },
  { name: 'blog', ipv4: '10.1.1.3', domains: [`blog.${BASE}`] },
]
let lab: Lab
beforeAll(async () => {
  lab = await openLab([SHOP, CUSTOM, `blog.${BASE}`, `nobody.${BASE}`, 'stranger.test'])
  await lab.startPanel()
  await lab.listen('shop', '10.1.1.2', 'echo')
  await lab.listen('blog', '10.1.1.3', 'echo')
  await lab.apply(SITES)
})
afterAll(() => lab?.close())

interface Echo {
  site: string
  url: string
  headers: Record<string, string>
}

describe.each([
  ['-4', '--http1.1'],
  ['-4', '--http2'],
  ['-6', '--http1.1'],
  ['-6', '--http2'],
])('over %s and %s', (family, protocol) => {
  test.each([SHOP, CUSTOM])('%s answers with a certificate that the visitor trusts', async (name) => {
    const { status, text, headers, stderr } = await lab.curl(family, protocol, `https://${name}/a?b=c`)
    expect([status, stderr.includes('certificate')]).toEqual([200, false])
    expect(headers).toMatch(protocol === '--http2' ? /^HTTP\/2 200/ : /^HTTP\/1\.1 200/)
    expect(JSON.parse(text)).toMatchObject({ site: 'shop', url: '/a?b=c' })
  })

  test('PRX-5, PRX-11: what a visitor says about where it comes from is replaced', async () => {
    const lies = [
      'X-Forwarded-For',
      'X-Real-IP',
      'CF-Connecting-IP',
      'True-Client-IP',
      'X-Client-IP',
      'X_Forwarded_For',
    ]
    const headers = [...lies.map((name) => `${name}: 6.6.6.6`), 'Forwarded: for=6.6.6.6', 'X-Forwarded-Host: evil.test']
    const more = [
      'X-Forwarded-Proto: gopher',
      'X-Forwarded-Port: 1',
      'Proxy: http://evil.test',
      'X-Ruche-Visitor-Host: a',
    ]
    const args = [...headers, ...more].flatMap((header) => ['-H', header])
    const { text } = await lab.curl(family, protocol, ...args, `https://${SHOP}/`)
    const echo = JSON.parse(text) as Echo
    const visitor = family === '-4' ? VISITOR_IPV4 : VISITOR_IPV6
    expect(echo.headers).toMatchObject({
      host: SHOP,
      'x-forwarded-for': visitor,
      'x-real-ip': visitor,
      'x-forwarded-proto': 'https',
      'x-forwarded-host': SHOP,
      'x-forwarded-port': '443',
    })
    expect(text).not.toMatch(/6\.6\.6\.6|evil|gopher|visitor-host|"proxy"/i)
  })

  test('PRX-1, PRX-11: a name of nobody gets nothing but a page of ours, and that only below the platform', async () => {
    const unknown = await lab.curl(family, protocol, `https://nobody.${BASE}/`)
    expect([unknown.status, unknown.text]).toEqual([404, expect.stringContaining('There is no site here')])
    const stranger = await lab.curl(family, protocol, 'https://stranger.test/')
    expect([stranger.status, stranger.code, stranger.stderr]).toEqual([
      0,
      35,
      expect.stringContaining('unrecognized name'),
    ])
    expect((await lab.curl(family, protocol, `https://${BASE}/`)).status).toBe(404)
  })

  test('an address instead of a name gets nothing', async () => {
    const address = family === '-4' ? VM_IPV4 : `[${VM_IPV6}]`
    expect((await lab.curl(protocol, `https://${address}/`)).status).toBe(0)
    expect((await lab.curl(`http://${address}/`)).status).toBe(0)
  })

  test('the panel answers at its name only', async () => {
    const { status, text } = await lab.curl(family, protocol, `https://${PANEL}/`)
    expect([status, text.slice(0, 18)]).toEqual([200, '<h1>the panel</h1>'])
  })
})

describe.each(['-4', '-6'])('plain HTTP over %s', (family) => {
  test.each([SHOP, CUSTOM, PANEL])('%s leads to HTTPS with its path', async (name) => {
    const { status, headers } = await lab.curl(family, '-X', 'POST', `http://${name}/a%2Fb//c?d=é`)
    expect(status).toBe(308)
    expect(headers).toMatch(new RegExp(`^location: https://${name}/a%2Fb//c\\?d=`, 'im'))
  })

  test('names of nobody get nothing but a page of ours', async () => {
    for (const name of [`nobody.${BASE}`, BASE]) {
      const { status, text } = await lab.curl(family, `http://${name}/`)
      expect([status, text]).toEqual([404, expect.stringContaining('There is no site here')])
    }
    expect((await lab.curl(family, 'http://stranger.test/')).status).toBe(0)
  })

  test('DOM-4: only challenges of certificate authorities are left to the site, each to its own name', async () => {
    const { text } = await lab.curl(family, `http://${SHOP}/.well-known/acme-challenge/token`)
    const echo = JSON.parse(text) as Echo
    expect([echo.site, echo.url]).toEqual(['shop', '/.well-known/acme-challenge/token'])
    expect(echo.headers['x-forwarded-proto']).toBe('http')
    const before = (await lab.seen('shop')).length
    const blog = await lab.curl(family, `http://blog.${BASE}/.well-known/acme-challenge/token`)
    expect((JSON.parse(blog.text) as Echo).site).toBe('blog')
    expect((await lab.curl(family, `http://nobody.${BASE}/.well-known/acme-challenge/token`)).status).toBe(404)
    expect((await lab.curl(family, `http://${PANEL}/.well-known/acme-challenge/token`)).status).toBe(308)
    expect(await lab.seen('shop')).toHaveLength(before)
  })
})

test('DOM-3: what the platform has to answer to an authority is answered under a name that is not served yet, and nothing else is', async () => {
  const folder = join(lab.root, 'lib/certificates/challenges/.well-known/acme-challenge')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'of-ours'), 'the answer')
  // As the server lays them; here it is root who does.
  for (const path of ['', '.well-known', '.well-known/acme-challenge'])
    await chmod(join(lab.root, 'lib/certificates/challenges', path), 0o755)
  const ask = (path: string) => lab.curl(`http://stranger.test/.well-known/acme-challenge/${path}`)
  expect(await ask('of-ours')).toMatchObject({ status: 200, text: 'the answer' })
  expect((await ask('of-another')).status).toBe(0)
  expect((await lab.curl('http://stranger.test/')).status).toBe(0)
})

describe('a connection opened for one name', () => {
  const ask = (host: string) => `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`

  test.each([
    [SHOP, CUSTOM, [421]],
    [CUSTOM, SHOP, [421]],
    [SHOP, PANEL, [421]],
    [PANEL, SHOP, [421]],
    [SHOP, 'stranger.test', []],
    [PANEL, 'rebound.evil.test', []],
    [SHOP, `nobody.${BASE}`, [404]],
    [SHOP, 'status.ruche.invalid', []],
    // One certificate for both: browsers share such connections.
    [SHOP, `blog.${BASE}`, [200]],
    [SHOP.toUpperCase(), SHOP, [200]],
    [SHOP, `${SHOP}.:8443`, [200]],
  ])('%s and asked for %s answers %j', async (name, host, expected) => {
    expect(statusesOf(await visitRaw(lab, name, ask(host)))).toEqual(expected)
  })

  test('and without any name is refused in the handshake', async () => {
    const socket = await lab.connect({ host: VM_IPV4, port: 443 })
    await expect(openTls(socket, undefined)).rejects.toThrow()
  })

  test('speaks nothing older than TLS 1.2', async () => {
    const socket = await lab.connect({ host: VM_IPV4, port: 443 })
    const refused = new Promise((resolve) => {
      const tls = connectTls({ socket, servername: SHOP, maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })
      tls.on('secureConnect', () => resolve('connected'))
      tls.on('error', () => resolve('refused'))
    })
    expect(await refused).toBe('refused')
  })
})

test('PRX-5: a visitor cannot ask the panel in the name of the front proxy', async () => {
  const { status, text } = await lab.curl(
    '-H',
    `X-Ruche-Visitor-Host: ${SHOP}`,
    '-H',
    'X_Ruche_Visitor_Host: a',
    `https://${PANEL}/`,
  )
  expect([status, text.slice(0, 18)]).toEqual([200, '<h1>the panel</h1>'])
})

test('which configuration is served is told to the machine itself only', async () => {
  const ask = 'GET / HTTP/1.1\r\nHost: status.ruche.invalid\r\n\r\n'
  const inside = await talk(await lab.connect({ host: VM_IPV4, port: 80 }, 'vm'), ask)
  expect(inside).toMatch(/\d+\.\d+\.\d+ g-[0-9a-z]+-[0-9a-f]{8}\n$/)
  expect(await talk(await lab.connect({ host: VM_IPV4, port: 80 }), ask)).toBe('')
  expect(await talk(await lab.connect({ host: VM_IPV4, port: 80, from: '10.1.1.2' }, 'vm'), ask)).toBe('')
})

test.each([
  ['10.1.1.2', VM_IPV4],
  ['fd00:10:1:1::2', VM_IPV6],
])('NET-8: the panel is closed for sites: from %s', async (from, host) => {
  const ask = async (name: string, own?: string) => {
    const socket = await lab.connect({ host, port: 443, ...(own !== undefined && { from: own }) }, 'vm')
    return statusesOf(await talk(await openTls(socket, name), `GET / HTTP/1.1\r\nHost: ${name}\r\n\r\n`))
  }
  expect(await ask(PANEL, from)).toEqual([403])
  expect(await ask(SHOP, from)).toEqual([200])
  expect(await ask(PANEL)).toEqual([200])
})

test('a WebSocket goes through, and no other upgrade does', async () => {
  const frame = (text: string) => {
    const mask = randomBytes(4)
    const body = Buffer.from(text).map((byte, index) => byte ^ (mask[index % 4] ?? 0))
    return Buffer.concat([Buffer.from([0x81, 0x80 | body.length]), mask, body])
  }
  const tls = await openTls(await lab.connect({ host: VM_IPV6, port: 443 }), SHOP)
  tls.write(
    `GET /socket HTTP/1.1\r\nHost: ${SHOP}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
  )
  const head = await new Promise<string>((resolve) => tls.once('data', (chunk: Buffer) => resolve(chunk.toString())))
  expect(statusesOf(head)).toEqual([101])
  expect(await talk(tls, frame('hello'))).toContain('HELLO')
  const upgraded = (await lab.seen('shop')).filter(({ method }) => method === 'UPGRADE')
  expect(upgraded.at(-1)).toMatchObject({ url: '/socket', headers: { 'x-forwarded-for': VISITOR_IPV6, host: SHOP } })
  const h2c = `GET /h2c HTTP/1.1\r\nHost: ${SHOP}\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n`
  expect(statusesOf(await visitRaw(lab, SHOP, h2c))).toEqual([200])
  const last = (await lab.seen('shop')).at(-1)
  expect([last?.url, last?.headers.upgrade, last?.headers.connection]).toEqual(['/h2c', undefined, 'close'])
})

test.each([
  ['GET', [], 'close'],
  ['HEAD', ['-I'], 'close'],
  ['POST with a body', ['-d', 'text'], undefined],
  ['POST with a body of unknown length', ['-d', 'text', '-H', 'Transfer-Encoding: chunked'], undefined],
  ['DELETE', ['-X', 'DELETE'], undefined],
])('a site is told to close after a %s only where no body is on its way', async (_what, options, connection) => {
  await lab.curl('-4', '--http1.1', ...options, `https://${SHOP}/connection`)
  const last = (await lab.seen('shop')).at(-1)
  expect([last?.url, last?.headers.connection]).toEqual(['/connection', connection])
})

test('many requests share one HTTP/2 connection', async () => {
  const socket = await openHttp2(SHOP)
  const session = connectHttp2(`https://${SHOP}`, { createConnection: () => socket })
  const get = (path: string) =>
    new Promise<string>((resolve, reject) => {
      let text = ''
      const stream = session.request({ ':path': path })
      stream.on('data', (chunk) => {
        text += chunk
      })
      stream.on('end', () => resolve((JSON.parse(text) as Echo).url))
      stream.on('error', reject)
      stream.end()
    })
  const paths = Array.from({ length: 50 }, (_, index) => `/${index}`)
  expect(await Promise.all(paths.map(get))).toEqual(paths)
  session.destroy()
})

async function openHttp2(name: string) {
  const socket = await lab.connect({ host: VM_IPV4, port: 443 })
  const ca = await readFile(lab.caFile)
  return new Promise<ReturnType<typeof connectTls>>((resolve, reject) => {
    const tls = connectTls({ socket, servername: name, ca, ALPNProtocols: ['h2'] }, () => resolve(tls))
    tls.once('error', reject)
  })
}

test('text is compressed, streams are not held back, large uploads stream', async () => {
  await lab.listen('text', '10.1.1.4', 'text')
  await lab.listen('stream', '10.1.1.5', 'stream')
  const names = ['text', 'stream'].map((name, index) => ({
    name,
    ipv4: `10.1.1.${index + 4}`,
    domains: [`${name}.${BASE}`],
  }))
  await lab.apply([...SITES, ...names])
  const text = await visitRaw(
    lab,
    `text.${BASE}`,
    `GET / HTTP/1.1\r\nHost: text.${BASE}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n`,
  )
  expect(text).toMatch(/content-encoding: gzip/i)
  expect(text.length).toBeLessThan(2_000)
  const tls = await openTls(await lab.connect({ host: VM_IPV4, port: 443 }), `stream.${BASE}`)
  const first = await talk(tls, `GET / HTTP/1.1\r\nHost: stream.${BASE}\r\n\r\n`, 500)
  expect(first).toContain('data: first')
  expect(first).not.toContain('data: last')
  const upload = await lab.network.run(
    lab.network.visitor,
    [...['curl', '-sS', '--cacert', lab.caFile, '-T', '-', `https://${SHOP}/upload`]],
    { input: 'x'.repeat(20 * 1024 ** 2) },
  )
  expect(JSON.parse(upload.stdout)).toMatchObject({ method: 'PUT', bodyBytes: 20 * 1024 ** 2 })
})

test('PRX-5: the access log has one JSON line per visit with the true address, whatever the visitor sent', async () => {
  const agent = 'a"b\\c {$host} é'
  await lab.curl('-6', '-A', agent, '-H', 'X-Forwarded-For: 6.6.6.6', `https://blog.${BASE}/logged?"x"`)
  const lines = await readAccessLog(lab, (all) => all.some(({ uri }) => uri.startsWith('/logged')))
  expect(lines.find(({ uri }) => uri.startsWith('/logged'))).toMatchObject({
    site: 'blog',
    host: `blog.${BASE}`,
    address: VISITOR_IPV6,
    method: 'GET',
    status: 200,
    siteStatus: '200',
    agent,
  })
})

test('the server may read the access log, others may not', async () => {
  expect((await stat(`${lab.root}/log/proxy`)).mode & 0o7).toBe(0)
  const read = await lab.network.run(lab.network.vm, [
    'setpriv',
    '--reuid',
    'ruche',
    '--regid',
    'ruche',
    '--clear-groups',
    'wc',
    '-l',
    lab.accessLog,
  ])
  expect(read.code).toBe(0)
})

test('on other ports, sites and visitors are told the port', async () => {
  await lab.open({ ports: { http_port: 8080, https_port: 8443 } })
  await lab.apply(SITES)
  const plain = await lab.curl(`http://${SHOP}:8080/a?b`)
  expect(plain.status).toBe(307)
  expect(plain.headers).toMatch(new RegExp(`^location: https://${SHOP}:8443/a\\?b\\r?$`, 'im'))
  for (const family of ['-4', '-6']) {
    const echo = JSON.parse((await lab.curl(family, `https://${SHOP}:8443/`)).text) as Echo
    const port = { host: `${SHOP}:8443`, 'x-forwarded-host': `${SHOP}:8443`, 'x-forwarded-port': '8443' }
    expect(echo.headers).toMatchObject(port)
  }
  // The workers of before may take a last connection on the port that is given up.
  await expect.poll(async () => (await lab.curl(`https://${SHOP}/`)).status, { timeout: 10_000 }).toBe(0)
})

test('nginx had nothing to complain about', () => {
  expect(lab.proxyOutput()).toBe('')
})
