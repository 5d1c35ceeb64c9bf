import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { VM_IPV4, VM_IPV6 } from '../../helpers/outer-network.js'
import { BASE, type Lab, openLab } from './lab/lab.js'
import { openTls, statusesOf, talk, visitRaw } from './lab/raw-visit.js'

const SHOP = `shop.${BASE}`
const RAW = `raw.${BASE}`
const EVIL = `evil.${BASE}`
let lab: Lab
beforeAll(async () => {
  lab = await openLab([SHOP, RAW, EVIL])
  await lab.startPanel()
  await lab.listen('shop', '10.1.1.2', 'echo')
  await lab.listen('raw', '10.1.1.3', 'raw')
  await lab.listen('evil', '10.1.1.4', 'hostile')
  await lab.open({ limits: { perSite: 5 } })
  await lab.apply(
    ['shop', 'raw', 'evil', 'hang'].map((name, index) => ({
      name,
      ipv4: `10.1.1.${index + 2}`,
      domains: [`${name}.${BASE}`],
    })),
  )
})
afterAll(() => lab?.close())
beforeEach(() => lab.forget())

// Whatever could be read as one request here and as two behind: refused, or passed on so that it can be read in one way only.
describe.each([VM_IPV4, VM_IPV6])('PRX-4, PRX-11: a smuggled request through %s', (address) => {
  const head = `POST / HTTP/1.1\r\nHost: ${RAW}\r\n`
  const hidden = `GET /smuggled HTTP/1.1\r\nHost: ${RAW}\r\n\r\n`
  const chunked = `0\r\n\r\n${hidden}`

  test.each([
    ['CL.TE', `${head}Content-Length: ${chunked.length}\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}`],
    ['TE.CL', `${head}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n${chunked}`],
    ['two lengths', `${head}Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`],
    ['a list of lengths', `${head}Content-Length: 0, ${hidden.length}\r\n\r\n${hidden}`],
    ['a signed length', `${head}Content-Length: +${hidden.length}\r\n\r\n${hidden}`],
    ['a length in hexadecimal', `${head}Content-Length: 0x10\r\n\r\n${hidden}`],
    ['a negative length', `${head}Content-Length: -1\r\n\r\n${hidden}`],
    ['space before the colon', `${head}Transfer-Encoding : chunked\r\nContent-Length: 4\r\n\r\n${chunked}`],
    ['tab before the colon', `${head}Transfer-Encoding\t: chunked\r\nContent-Length: 4\r\n\r\n${chunked}`],
    ['a folded header', `${head}X-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n${chunked}`],
    ['a folded value', `${head}Transfer-Encoding:\r\n chunked\r\nContent-Length: 4\r\n\r\n${chunked}`],
    ['an unknown coding', `${head}Transfer-Encoding: xchunked\r\n\r\n${chunked}`],
    ['two codings', `${head}Transfer-Encoding: chunked, identity\r\n\r\n${chunked}`],
    ['a coding twice', `${head}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}`],
    ['a vertical tab', `${head}Transfer-Encoding: \x0bchunked\r\nContent-Length: 4\r\n\r\n${chunked}`],
    ['a zero byte', `${head}X-A: \0\r\nContent-Length: 4\r\n\r\n${chunked}`],
    ['chunks in HTTP/1.0', `POST / HTTP/1.0\r\nHost: ${RAW}\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}`],
    ['a chunk too large to be true', `${head}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n${chunked}`],
    ['a chunk that lies', `${head}Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n${chunked}`],
    ['HTTP/0.9', `GET /smuggled\r\n\r\n`],
    ['HTTP/2 in clear', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['two hosts', `GET /smuggled HTTP/1.1\r\nHost: ${RAW}\r\nHost: ${SHOP}\r\n\r\n`],
    ['no host', `GET /smuggled HTTP/1.1\r\n\r\n`],
    ['a host with more', `GET /smuggled HTTP/1.1\r\nHost: ${RAW}/${SHOP}\r\n\r\n`],
    ['CONNECT', `CONNECT 10.1.1.2:80 HTTP/1.1\r\nHost: ${RAW}\r\n\r\n`],
    ['TRACE', `TRACE / HTTP/1.1\r\nHost: ${RAW}\r\n\r\n`],
  ])('%s never reaches the site', async (_name, bytes) => {
    const statuses = statusesOf(await visitRaw(lab, RAW, bytes, address))
    for (const status of statuses) expect(status).toBeGreaterThanOrEqual(400)
    expect(statuses.length).toBeLessThanOrEqual(1)
    for (const text of await lab.raw('raw')) expect(text).not.toContain('/smuggled')
  })

  test.each([
    ['chunk extensions', `${head}Transfer-Encoding: chunked\r\n\r\n3;a="b c";d\r\nabc\r\n0\r\n\r\n`, 'abc'],
    ['upper case', `${head}TRANSFER-ENCODING: CHUNKED\r\n\r\n3\r\nabc\r\n0\r\n\r\n`, 'abc'],
    ['trailers', `${head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nContent-Length: 9\r\n\r\n`, 'abc'],
    ['a request as the body', `${head}Content-Length: ${hidden.length}\r\n\r\n${hidden}`, hidden],
  ])('%s: what the site gets has one reading', async (_name, bytes, body) => {
    const statuses = statusesOf(await visitRaw(lab, RAW, bytes, address))
    const [text = '', ...more] = await lab.raw('raw')
    expect(more).toEqual([])
    if (statuses[0] === 400) return
    expect(statuses).toEqual([200])
    const [start = '', ...rest] = text.split('\r\n\r\n')
    const lengths = start.match(/^content-length: *(\d+)$/gim) ?? []
    const codings = start.match(/^transfer-encoding: *(.*)$/gim) ?? []
    expect([...lengths, ...codings]).toHaveLength(1)
    const received = rest.join('\r\n\r\n')
    expect(received).toBe(codings.length ? `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` : body)
  })
})

test('PRX-4: two requests in one packet are two requests with their own hosts', async () => {
  const ask = (host: string, path: string) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`
  const text = await visitRaw(lab, SHOP, ask(SHOP, '/one') + ask(RAW, '/two') + ask(`nobody.${BASE}`, '/three'))
  expect(statusesOf(text)).toEqual([200, 200])
  expect((await lab.seen('shop')).map(({ url }) => url)).toEqual(['/one'])
})

test('PRX-4: a target with a host of its own goes where it says, and the site is told that host', async () => {
  const text = await visitRaw(lab, RAW, `GET https://${SHOP}/x HTTP/1.1\r\nHost: ${RAW}\r\nConnection: close\r\n\r\n`)
  expect(statusesOf(text)).toEqual([200])
  expect((await lab.seen('shop'))[0]).toMatchObject({ url: '/x', headers: { host: SHOP } })
  expect(await lab.raw('raw')).toEqual([])
})

describe.each([VM_IPV4, VM_IPV6])('PRX-6, PRX-11: an odd path through %s', (address) => {
  test.each([
    '/..%2f..%2fetc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/../../etc/passwd',
    '/a/../b',
    '/a/./b',
    '//',
    '//evil.test/%2f..',
    '/%00',
    '/a%00.php',
    '/%c0%ae%c0%ae/',
    '/%ff%fe',
    '/a%2Fb%5Cc',
    '/a\\..\\b',
    '/%0d%0aX-Injected:%201',
    '/?x=%0d%0aX-Injected:%201',
    '/;a=b?c#d',
    '/%',
    '/%zz',
    `/${'a'.repeat(9000)}`,
    '/.well-known/acme-challenge/../../x',
    '/unavailable.conf',
    '/nginx.conf',
    '/@visitor',
    '/assets/../../run/panel.sock',
  ])('%s reaches its site unchanged or is refused', async (path) => {
    const text = await visitRaw(
      lab,
      SHOP,
      `GET ${path} HTTP/1.1\r\nHost: ${SHOP}\r\nConnection: close\r\n\r\n`,
      address,
    )
    const [status] = statusesOf(text)
    expect([200, 400]).toContain(status)
    const urls = (await lab.seen('shop')).map(({ url }) => url)
    expect(urls).toEqual(status === 200 ? [path] : [])
    expect(text.split('\r\n\r\n')[0]).not.toMatch(/^x-injected/im)
  })

  test('cannot put a header into the redirection', async () => {
    const ask = `GET /%0d%0aSet-Cookie:%20a=b?x=%0d%0aSet-Cookie:c=d HTTP/1.1\r\nHost: ${SHOP}\r\nConnection: close\r\n\r\n`
    const text = await talk(await lab.connect({ host: address, port: 80 }), ask)
    expect(statusesOf(text)).toEqual([308])
    expect(text).not.toMatch(/^set-cookie/im)
  })
})

describe("PRX-2: a hostile site's answer", () => {
  test.each(['/', '/nginx.conf', '@unavailable', '@unreachable', '/assets/x'])(
    'cannot make the proxy go to %s, slow down, or speak in its name',
    async (wanted) => {
      const { status, text, headers } = await lab.curl('-H', `X-Wanted: ${wanted}`, `https://${EVIL}/`)
      expect([status, text]).toEqual([200, 'own words'.repeat(1000)])
      expect(headers).not.toMatch(/^x-accel/im)
      expect(headers.match(/^server: .*$/gim)).toEqual(['server: nginx'])
      expect(headers).toMatch(/^content-type: text\/plain$/im)
    },
  )
})

describe('what one may take from others', () => {
  test('PRX-8: a site that hangs is shown as busy at its limit, and costs other sites nothing', async () => {
    await lab.listen('hang', '10.1.1.5', 'hang')
    const hanging = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const tls = await openTls(await lab.connect({ host: VM_IPV4, port: 443 }), `hang.${BASE}`)
        tls.write(`GET / HTTP/1.1\r\nHost: hang.${BASE}\r\n\r\n`)
        return tls
      }),
    )
    const busy = await visitRaw(lab, `hang.${BASE}`, `GET / HTTP/1.1\r\nHost: hang.${BASE}\r\n\r\n`)
    expect(statusesOf(busy)).toEqual([503])
    expect(busy).toContain('This site cannot be reached')
    expect((await lab.curl(`https://${SHOP}/`)).status).toBe(200)
    for (const tls of hanging) tls.destroy()
  })

  test('PRX-3, NET-12: 400 visitors who never finish asking are dropped and delay nobody', async () => {
    const slow = await Promise.all(
      Array.from({ length: 400 }, async () => {
        const socket = await lab.connect({ host: VM_IPV4, port: 80 })
        const closed = new Promise<number>((resolve) => socket.once('close', () => resolve(performance.now())))
        socket.on('error', () => undefined).resume()
        socket.write(`GET / HTTP/1.1\r\nHost: ${SHOP}\r\nX-A: `)
        return { socket, closed }
      }),
    )
    const start = performance.now()
    const trickle = setInterval(() => slow[0]?.socket.write('a'), 500)
    expect((await lab.curl(`https://${SHOP}/`)).status).toBe(200)
    expect(performance.now() - start).toBeLessThan(2_000)
    await Promise.all(slow.map(({ closed }) => closed))
    clearInterval(trickle)
    expect(performance.now() - start).toBeLessThan(20_000)
  }, 40_000)

  test('PRX-3: headers without end are refused', async () => {
    const many = Array.from({ length: 2000 }, (_, index) => `X-${index}: ${randomBytes(40).toString('hex')}\r\n`).join(
      '',
    )
    expect(statusesOf(await visitRaw(lab, SHOP, `GET / HTTP/1.1\r\nHost: ${SHOP}\r\n${many}\r\n`))).toEqual([400])
    expect(await lab.seen('shop')).toEqual([])
  })
})
