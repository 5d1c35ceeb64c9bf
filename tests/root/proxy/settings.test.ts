import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Redirect } from '../../../src/model/redirect.js'
import { DEFAULT_SETTINGS, type ServedSettings } from '../../../src/model/site-settings.js'
import { sha512Crypt } from '../../../src/server/secrets/sha512-crypt.js'
import { foreseeAnswer } from '../../../src/server/sites/foresee-answer.js'
import { VISITOR_IPV4, VISITOR_IPV6 } from '../../helpers/outer-network.js'
import { BASE, type Lab, openLab } from './lab/lab.js'
import { statusesOf, visitRaw } from './lab/raw-visit.js'

const REDIRECTS: Redirect[] = [
  { from: '/old', to: '/new', status: 301 },
  { from: '/away', to: 'https://example.org/x?y=z', status: 302 },
  { from: '/post', to: '/new', status: 307 },
  { from: '/blog/*', to: '/news/*', status: 308 },
  { from: '/caf%C3%A9', to: '/bar', status: 301 },
]
const SETTINGS = {
  plain: {},
  open: { forceHttps: false },
  strict: { hsts: 'year', noindex: true },
  moved: { redirects: REDIRECTS },
  closed: { maintenance: true },
  secret: { visitors: 'password', passwordHash: sha512Crypt('open sesame', 'abcdefghijklmnop', 1000) },
  people: { visitors: 'people' },
  four: { allow: [`${VISITOR_IPV4}/24`.replace(/\d+\/24/, '0/24')] },
  six: { deny: [VISITOR_IPV4, '2001:db8:ffff::/48'] },
  rated: { rate: 'strict' },
  small: { uploadBytes: 1_000_000 },
  cached: { cache: 'minutes' },
  purged: { cache: 'minutes', cacheEpoch: 1 },
  worded: { notFoundText: 'Not <here>.\n$host "gone"', forbiddenText: 'Not for you', errorText: 'We broke it' },
} as const satisfies Record<string, Partial<ServedSettings>>
type Name = keyof typeof SETTINGS
const NAMES = Object.keys(SETTINGS) as Name[]

const hostOf = (name: Name | 'unreadable') => `${name}.${BASE}`
const settingsOf = (name: Name): ServedSettings => ({ ...DEFAULT_SETTINGS, cacheEpoch: 0, ...SETTINGS[name] })
const routeOf = (name: Name, index: number) => ({
  name,
  ipv4: `10.1.1.${index + 2}`,
  domains: [hostOf(name)],
  ...(name !== 'plain' && { settings: settingsOf(name) }),
})
const SITES = NAMES.map(routeOf)
const BROKEN = {
  name: 'unreadable',
  ipv4: '10.1.1.2',
  domains: [hostOf('unreadable')],
  settings: 'unreadable' as const,
}

let lab: Lab
beforeAll(async () => {
  lab = await openLab([...NAMES.map(hostOf), hostOf('unreadable'), `nobody.${BASE}`, 'waiting.test'])
  await lab.startPanel()
  for (const [index, name] of NAMES.entries()) {
    const kind = name === 'cached' || name === 'purged' ? 'counter' : name === 'worded' ? 'error' : 'echo'
    await lab.listen(name, `10.1.1.${index + 2}`, kind)
  }
  await lab.apply([...SITES, BROKEN], ['waiting.test'])
})
afterAll(() => lab?.close())
beforeEach(() => lab.forget())

const get = (name: Name, path = '/', ...args: string[]) => lab.curl(...args, `https://${hostOf(name)}${path}`)
const header = (headers: string, name: string) => new RegExp(`^${name}: (.*?)\\r?$`, 'im').exec(headers)?.[1]

test('a site without settings beside all these is as it was', async () => {
  expect((await get('plain')).status).toBe(200)
  expect((await lab.curl(`http://${hostOf('plain')}/`)).status).toBe(308)
})

test('AGT-5: a site whose settings cannot be read lets nobody in, and keeps nobody else from anything', async () => {
  expect((await lab.curl(`https://${hostOf('unreadable')}/`)).status).toBe(503)
  expect(await lab.seen('plain')).toEqual([])
  expect(await lab.state()).toMatchObject({ ok: false, message: expect.stringContaining('site unreadable is closed') })
})

test.each(['-4', '-6'])('a site may be served without HTTPS too, over %s', async (family) => {
  const plain = await lab.curl(family, `http://${hostOf('open')}/a?b`)
  expect([plain.status, JSON.parse(plain.text)]).toMatchObject([
    200,
    { url: '/a?b', headers: { 'x-forwarded-proto': 'http' } },
  ])
  expect((await get('open', '/', family)).status).toBe(200)
})

test('browsers are told to stay with HTTPS, search engines to stay away', async () => {
  const { status, headers } = await get('strict')
  expect([status, header(headers, 'strict-transport-security')]).toEqual([200, 'max-age=31536000'])
  expect(header(headers, 'x-robots-tag')).toBe('noindex, nofollow')
  expect((await get('plain')).headers).not.toMatch(/strict-transport|robots/i)
})

describe('redirects', () => {
  test.each([
    ['/old', 301, `https://${hostOf('moved')}/new`],
    ['/old?a=b', 301, `https://${hostOf('moved')}/new`],
    ['/older', 200, undefined],
    ['/away', 302, 'https://example.org/x?y=z'],
    ['/post', 307, `https://${hostOf('moved')}/new`],
    ['/blog/2026/a%20b?c=d', 308, `https://${hostOf('moved')}/news/2026/a%20b?c=d`],
    ['/blog/%0d%0aSet-Cookie:%20a=b', 308, `https://${hostOf('moved')}/news/%0d%0aSet-Cookie:%20a=b`],
    ['/blog//evil.test', 308, `https://${hostOf('moved')}/news//evil.test`],
    ['/caf%C3%A9', 301, `https://${hostOf('moved')}/bar`],
  ])('%s answers %i', async (path, status, to) => {
    const answer = await get('moved', path)
    expect([answer.status, header(answer.headers, 'location')]).toEqual([status, to])
    expect(answer.headers).not.toMatch(/^set-cookie/im)
    // What the form foretells is what happens.
    const foreseen = foreseeAnswer(settingsOf('moved'), { address: `https://${hostOf('moved')}${path}` })
    const wanted = to?.replace(`https://${hostOf('moved')}`, '')
    expect(foreseen).toEqual(status === 200 ? { what: 'site' } : { what: 'redirect', status, to: wanted })
  })
})

test('a site in maintenance says so to everybody, in their language', async () => {
  const { status, text, headers } = await get('closed', '/any', '-X', 'POST', '-d', 'a=b', '-H', 'Accept-Language: fr')
  expect([status, header(headers, 'retry-after')]).toEqual([503, '300'])
  expect(text).toContain('<h1>Ce site est en travaux</h1>')
  expect(await lab.seen('closed')).toEqual([])
})

describe('a site with a password', () => {
  const basic = (pair: string) => ['-H', `Authorization: Basic ${Buffer.from(pair).toString('base64')}`]

  test('asks for it, and never tells it the site', async () => {
    const asked = await get('secret')
    expect([asked.status, header(asked.headers, 'www-authenticate')]).toEqual([401, 'Basic realm="secret"'])
    expect(asked.text).toContain('<h1>This site asks for a password</h1>')
    for (const pair of ['visitor:wrong', 'someone:open sesame', 'visitor:'])
      expect((await get('secret', '/', ...basic(pair))).status).toBe(401)
    expect(await lab.seen('secret')).toEqual([])
    const { status } = await get('secret', '/', ...basic('visitor:open sesame'))
    expect(status).toBe(200)
    expect((await lab.seen('secret'))[0]?.headers).not.toHaveProperty('authorization')
  })

  test('lets no WebSocket and no stream in without it, but challenges of certificate authorities', async () => {
    const host = hostOf('secret')
    const upgrade = `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`
    expect(statusesOf(await visitRaw(lab, host, upgrade))).toEqual([401])
    expect((await get('secret', '/', '-H', 'Accept: text/event-stream')).status).toBe(401)
    const challenge = await lab.curl(`http://${host}/.well-known/acme-challenge/x`)
    expect(challenge.status).toBe(200)
  })
})

describe('a site for people of the directory', () => {
  const cookie = (text: string) => ['-H', `Cookie: ${text}`]

  test('sends who is unknown to the panel, and refuses whom the panel refuses', async () => {
    const unknown = await get('people', '/page?a=b')
    expect([unknown.status, header(unknown.headers, 'location')]).toEqual([302, 'https://panel.test/visit?/page?a=b'])
    const refused = await get('people', '/', ...cookie('__Host-ruche-pass=other'), '-H', 'Accept-Language: fr')
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('<h1>Ce site ne vous est pas ouvert')])
    expect(await lab.seen('people')).toEqual([])
  })

  test('is seen by whom the panel lets in, and never sees the pass', async () => {
    const mixed = 'a=1; __Host-ruche-pass=good; b=2'
    expect((await get('people', '/', ...cookie(mixed))).status).toBe(200)
    expect((await get('people', '/', '--http2', ...cookie('__Host-ruche-pass=good'))).status).toBe(200)
    expect((await get('people', '/', ...cookie('b=2; __Host-ruche-pass=good'))).status).toBe(200)
    const cookies = (await lab.seen('people')).map(({ headers }) => headers.cookie)
    expect(cookies).toEqual(['a=1; b=2', undefined, 'b=2'])
    const asked = (await lab.seen('panel')).filter(({ headers }) => headers['x-ruche-visitor-reason'] === 'check')
    expect(asked.map(({ headers }) => headers.cookie)).toEqual(Array(3).fill('__Host-ruche-pass=good'))
  })

  test('takes the pass at an address of ours; the check itself nobody can ask for', async () => {
    const entered = await get('people', '/.well-known/ruche/enter?ticket=x')
    expect([entered.status, header(entered.headers, 'set-cookie')]).toEqual([303, expect.stringContaining('HttpOnly')])
    expect((await get('people', '/.well-known/ruche/check', ...cookie('__Host-ruche-pass=good'))).status).toBe(404)
    expect(await lab.seen('people')).toEqual([])
  })

  test('is closed while the panel is away', async () => {
    await lab.stop('panel')
    const { status } = await get('people', '/', ...cookie('__Host-ruche-pass=good'))
    await lab.startPanel()
    expect([status, await lab.seen('people')]).toEqual([503, []])
  })
})

test.each([
  ['four', '-4', 200],
  ['four', '-6', 403],
  ['six', '-4', 403],
  ['six', '-6', 200],
] as const)('the site %s is visited over %s: %i', async (name, family, status) => {
  const answer = await get(name, '/', family)
  expect(answer.status).toBe(status)
  if (status === 403) expect(answer.text).toContain('<h1>This site is not open to you</h1>')
  const from = family === '-4' ? VISITOR_IPV4 : VISITOR_IPV6
  const foreseen = foreseeAnswer(settingsOf(name), { address: '/', from })
  expect(foreseen?.what).toBe(status === 200 ? 'site' : 'refused')
})

test('who asks too often is told so, at that site only', async () => {
  const urls = Array.from({ length: 80 }, (_, index) => `https://${hostOf('rated')}/${index}`)
  const { stdout } = await lab.network.run(lab.network.visitor, [
    ...['curl', '-s', '--parallel', '--parallel-max', '20', '--cacert', lab.caFile, '-w', '\nstatus %{http_code}\n'],
    ...urls,
  ])
  const statuses = [...stdout.matchAll(/^status (\d+)$/gm)].map((found) => found[1])
  expect([statuses.length, new Set(statuses)]).toEqual([80, new Set(['200', '429'])])
  expect(statuses.filter((status) => status === '200').length).toBeGreaterThanOrEqual(50)
  expect(stdout).toContain('<h1>Too many requests</h1>')
  expect((await get('plain')).status).toBe(200)
})

test('uploads above the size are refused, told or not, and others pass whole', async () => {
  const send = async (bytes: number, ...args: string[]) => {
    const upload = ['curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}', '--cacert', lab.caFile, ...args]
    const { stdout } = await lab.network.run(
      lab.network.visitor,
      [...upload, '--data-binary', '@-', `https://${hostOf('small')}/`],
      { input: 'x'.repeat(bytes) },
    )
    return Number(stdout)
  }
  const chunked = ['-H', 'Transfer-Encoding: chunked', '--http1.1', '-H', 'Expect:']
  expect([await send(1_000_000), await send(1_000_000, ...chunked)]).toEqual([200, 200])
  expect((await lab.seen('small')).map(({ bodyBytes }) => bodyBytes)).toEqual([1_000_000, 1_000_000])
  expect([await send(1_000_001), await send(1_000_001, '--http2'), await send(1_100_000, ...chunked)]).toEqual([
    413, 413, 413,
  ])
  expect((await lab.seen('small')).filter(({ bodyBytes }) => bodyBytes > 1_000_000)).toEqual([])
})

describe('kept answers', () => {
  const page = async (path: string, ...args: string[]) => {
    const { text, headers } = await get('cached', path, ...args)
    return `${text} ${header(headers, 'x-cache') ?? ''}`.trim()
  }

  test('are given again, and forgotten by a purge', async () => {
    const first = await get('cached', '/a')
    expect(await page('/a')).toBe(`${first.text} HIT`)
    expect(await page('/a', '-I')).toContain('HIT')
    const [index, before] = [NAMES.indexOf('cached'), (await get('cached', '/a')).text]
    const changed = { ...routeOf('cached', index), settings: { ...settingsOf('cached'), cacheEpoch: 5 } }
    await lab.apply([...SITES.filter(({ name }) => name !== 'cached'), changed])
    expect((await get('cached', '/a')).text).not.toBe(before)
    await lab.apply([...SITES, BROKEN], ['waiting.test'])
  })

  test.each([
    ['what a site calls private', '/private', []],
    ['what comes with a cookie', '/cookie', []],
    ['what does not say how long it is', '/chunked', []],
    ['what is asked for with a cookie', '/b', ['-H', 'Cookie: session=1']],
    ['what is asked for with a password', '/b', ['-H', 'Authorization: Basic eA==']],
    ['what is sent', '/b', ['-d', 'x=y']],
  ])('are never %s', async (_what, path, args) => {
    const pages = [await page(path, ...args), await page(path, ...args)]
    expect(new Set(pages).size).toBe(2)
    expect(pages.join()).not.toContain('HIT')
  })

  test('of one name are not those of another, nor of another site', async () => {
    expect(await page('/a')).toMatch(/^cached page \d+ HIT$/)
    expect((await get('purged', '/a')).text).toMatch(/^purged page/)
  })
})

describe('own words', () => {
  test.each([
    [403, 'Not for you'],
    [404, 'Not &#60;here&#62;.<br>&#36;host &#34;gone&#34;'],
    [500, 'We broke it'],
  ])('in place of the site’s %i', async (status, words) => {
    const answer = await get('worded', `/${status}`, '-X', 'POST')
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(`<p>${words}</p>`)])
    expect(answer.text).toContain(hostOf('worded'))
    expect(header(answer.headers, 'content-security-policy')).toMatch(/^default-src 'none'/)
  })

  test('leave all else as it is', async () => {
    for (const status of [200, 201, 400, 410])
      expect(await get('worded', `/${status}`)).toMatchObject({ status, text: 'the site’s own error' })
  })
})

test('names of nobody below the platform, and names whose owner is not proven, get a page of ours', async () => {
  for (const url of [`https://nobody.${BASE}/`, `http://nobody.${BASE}/`]) {
    const { status, text } = await lab.curl(url)
    expect([status, text]).toEqual([404, expect.stringContaining('There is no site here')])
  }
  expect((await lab.curl('http://waiting.test/')).text).toContain('<h1>This address is not set up yet</h1>')
  expect((await lab.curl('https://waiting.test/')).status).toBe(0)
})

test('nginx had nothing to complain about, but that the panel was away', () => {
  const lines = lab.proxyOutput().split('\n').filter(Boolean)
  expect(lines.filter((line) => !/panel\.sock failed/.test(line))).toEqual([])
})
