import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DEFAULT_SETTINGS, type ServedSettings } from '../../model/site-settings.js'
import { openCertificates } from '../certificates/local-ca.js'
import { checkCandidate, findInstalledVersion, planHttp2 } from './check-candidate.js'
import { isCanonicalName } from './literals.js'
import { DEFAULT_PROXY_LIMITS, type ProxyInput } from './proxy-input.js'
import { renderLargerThan } from './render-larger-than.js'
import { renderProxy } from './render-proxy.js'
import type { SiteRoute } from './routes.js'

const NGINX = '/usr/sbin/nginx'
const at = (folder: string) => ({ certificate: `${folder}/certificate.pem`, key: `${folder}/key.pem` })
const INPUT: ProxyInput = {
  generation: 'g-1-0',
  folder: '/lib/proxy/g-1-0',
  runFolder: '/run/proxy',
  panelSocket: '/run/panel.sock',
  challengeRoot: '/var/lib/ruche/certificates/challenges',
  accessLog: '/log/access.log',
  listen: ['203.0.113.10', '2001:db8::10'],
  httpPort: 80,
  httpsPort: 443,
  http2: 'listen',
  panel: { name: 'ruche.example.org', certificate: at('/lib/panel') },
  platform: { baseDomain: 'sites.example.org', certificate: at('/lib/platform') },
  sites: [{ name: 'shop', ipv4: '10.1.1.2', domains: ['shop.sites.example.org', 'www.customer.example'] }],
  pendingNames: [],
  ownCertificates: [{ name: 'www.customer.example', certificate: at('/lib/own') }],
  siteNetworks: ['10.1.1.0/24'],
  limits: DEFAULT_PROXY_LIMITS,
}
const SETTINGS: ServedSettings = { ...DEFAULT_SETTINGS, cacheEpoch: 0 }
const HASH = `$6$rounds=1000$abcdefghijklmnop$${'a'.repeat(86)}`
const text = (input: ProxyInput) => Object.values(renderProxy(input)).join('')

const PATH = /^\/[\p{L}\p{N} ._/@+,=~()-]+$/u
const NAME = /^[a-z0-9.-]+$/
const site = (change: object) => ({
  ...INPUT,
  sites: [{ name: 'shop', ipv4: '10.1.1.2', domains: ['a.test'], ...change }],
})

const set = (settings: Partial<ServedSettings>) => site({ settings: { ...SETTINGS, ...settings } })
const redirect = (from: string, to: string) => set({ redirects: [{ from, to, status: 301 }] })
const PASSWORD = { visitors: 'password', passwordHash: HASH } as const
const ADDRESS = /^[\w.~%/:@!+,=&()*?#-]*$/

/** Every place of the input where a word of somebody's goes, what it may be made of, and a calm example. */
const PLACES: [place: string, put: (word: string) => ProxyInput, plain: RegExp, calm: string][] = [
  ['generation', (word) => ({ ...INPUT, generation: word }), /^[0-9a-z-]+$/, 'g-2-a'],
  ['folder', (word) => ({ ...INPUT, folder: word }), PATH, '/a/b'],
  ['run folder', (word) => ({ ...INPUT, runFolder: word }), PATH, '/a/b'],
  ['panel socket', (word) => ({ ...INPUT, panelSocket: word }), PATH, '/a/b'],
  ['access log', (word) => ({ ...INPUT, accessLog: word }), PATH, '/a/b'],
  ['certificate', (word) => ({ ...INPUT, panel: { ...INPUT.panel, certificate: at(word) } }), PATH, '/a/b'],
  ['address to listen on', (word) => ({ ...INPUT, listen: [word] }), /^[0-9a-f.:]+$/i, '192.0.2.1'],
  ['name of the panel', (word) => ({ ...INPUT, panel: { ...INPUT.panel, name: word } }), NAME, 'b.test'],
  ['base domain', (word) => ({ ...INPUT, platform: { ...INPUT.platform, baseDomain: word } }), NAME, 'b.test'],
  ['name of a site', (word) => site({ name: word }), /^[a-z][a-z0-9-]+$/, 'blog'],
  ['address of a site', (word) => site({ ipv4: word }), /^[0-9.]+$/, '10.1.1.3'],
  ['domain of a site', (word) => site({ domains: [word] }), NAME, 'b.test'],
  [
    'name with a certificate',
    (word) => ({ ...INPUT, ownCertificates: [{ name: word, certificate: at('/a') }] }),
    NAME,
    'b.test',
  ],
  ['a proven name to be', (word) => ({ ...INPUT, pendingNames: [word] }), NAME, 'b.test'],
  ['network that is let in', (word) => set({ allow: [word] }), /^[0-9a-f.:/]+$/i, '192.0.2.0/24'],
  ['network that is kept out', (word) => set({ deny: [word] }), /^[0-9a-f.:/]+$/i, '192.0.2.0/24'],
  ['address that leads elsewhere', (word) => redirect(word.replaceAll('*', ''), '/b'), ADDRESS, '/a'],
  ['address that is led to', (word) => redirect('/a', word), ADDRESS, '/b'],
  ['name that visitors give', (word) => set({ ...PASSWORD, visitorName: word }), /^[\w.-]+$/, 'visitor'],
  ['hash', (word) => set({ ...PASSWORD, passwordHash: word }), /^\$6\$[\w./=$]+$/, HASH],
  ['network', (word) => ({ ...INPUT, siteNetworks: [word] }), /^[0-9a-f.:/]+$/i, '192.0.2.0/24'],
]

// What an injection cannot do without: everything that ends, opens, quotes, expands or comments in nginx's language.
// Between quotes on one line a # is none.
const skeleton = (input: ProxyInput) =>
  text(input)
    .replaceAll(/"[^"\n]*"/g, (quoted) => quoted.replaceAll('#', ''))
    .replaceAll(/[^;{}"'$#\\\n]/g, '')

const hostileWords = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    'a.test; return 200 owned',
    'a.test;\n}\nserver { listen 81; }\n#',
    'a.test\n',
    '\na.test',
    '$host',
    '~^.*$',
    '*.test',
    '.test',
    'include /etc/passwd',
    'a"b.test',
    "a'b.test",
    'a\\.test',
    'a.test#',
    'a.test {',
    '127.0.0.1',
    '10.1.1.2;',
    '10.1.1.2:8080',
    '010.1.1.2',
    '::1%lo',
    'unix:/run/agent.sock',
    '/run/$host',
    '/run/*',
    '/run/a"b',
    '/run/a\nb',
    'default',
    'hostnames',
    'volatile',
  ),
  fc.domain(),
  fc.ipV4(),
  fc.ipV6(),
)

describe.each(PLACES)('a hostile %s', (_place, put, plain, calm) => {
  test('is refused, or is one plain word', () => {
    const expected = skeleton(put(calm))
    fc.assert(
      fc.property(hostileWords, (word) => {
        const input = put(word)
        let found: string
        try {
          found = skeleton(input)
        } catch {
          return
        }
        expect(word).toMatch(plain)
        expect(found).toBe(expected)
      }),
      { numRuns: 300 },
    )
  })
})

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('a limit of %d is refused', (count) => {
  expect(() => renderProxy({ ...INPUT, limits: { ...DEFAULT_PROXY_LIMITS, perSite: count } })).toThrow()
})

test('without an address to listen on nothing is rendered', () => {
  expect(() => renderProxy({ ...INPUT, listen: [] })).toThrow()
})

test('the same input is the same text, and a name more changes only the two maps', () => {
  expect(renderProxy(INPUT)).toEqual(renderProxy(structuredClone(INPUT)))
  const added = { name: 'blog', ipv4: '10.1.1.3', domains: ['blog.sites.example.org'] }
  const [before, after] = [renderProxy(INPUT), renderProxy({ ...INPUT, sites: [...INPUT.sites, added] })]
  expect(Object.keys(after).filter((name) => before[name] !== after[name])).toEqual(['addresses.map', 'sites.map'])
})

test('the words of an owner end no word of nginx', () => {
  fc.assert(
    fc.property(hostileWords, (word) => {
      const door = renderProxy(set({ notFoundText: `a${word}` }))['door-shop.conf'] ?? ''
      const lines = door.split('\n').filter((line) => line.includes('$words_') && line.includes('set '))
      expect(lines.length).toBeGreaterThan(0)
      for (const line of lines) expect(line).toMatch(/^ {2}set \$words_\d+ "[^"'`$\\{}\p{C}]*";$/u)
    }),
  )
})

test('a site with settings costs the others not a word', () => {
  const settled = { name: 'blog', ipv4: '10.1.1.3', domains: ['b.test'], settings: { ...SETTINGS, noindex: true } }
  const [before, after] = [renderProxy(INPUT), renderProxy({ ...INPUT, sites: [...INPUT.sites, settled] })]
  const changed = Object.keys(after).filter((name) => before[name] !== after[name])
  const maps = ['addresses.map', 'sites.map', 'doors.map', 'stream-doors.map', 'doors.conf']
  expect(changed.sort()).toEqual([...maps, 'door-blog.conf'].sort())
})

test.each([1, 9, 10, 99, 100, 1024, 8_388_608, 10_485_760, 999_999, 1_153_433_600])(
  'of lengths, only those above %i are too large',
  (most) => {
    const pattern = new RegExp(renderLargerThan(most))
    const below = [0, 1, most - 1, most, Math.floor(most / 2)]
    const above = [most + 1, most + 9, most * 2, most * 10, most * 10 + 1, 10 ** 15]
    expect([
      below.filter((size) => pattern.test(String(size))),
      above.filter((size) => !pattern.test(String(size))),
    ]).toEqual([[], []])
  },
)

test('no request of a visitor names the upstream', () => {
  const upstreams = text(INPUT).match(/proxy_pass [^;]+/g) ?? []
  expect(new Set(upstreams)).toEqual(new Set(['proxy_pass http://$site_address', 'proxy_pass http://panel']))
  expect(text(INPUT)).not.toMatch(/proxy_pass [^;]*\$(host|http_|uri|request|arg_|args)/)
})

test.each([
  ['example.org', true],
  ['xn--bcher-kva.example', true],
  ['a--b.example', true],
  [`${'a'.repeat(63)}.example`, true],
  [`${'a'.repeat(64)}.example`, false],
  ['localhost', false],
  ['1.2.3.4', false],
  ['a.0x1', false],
  ['Example.org', false],
  ['example.org.', false],
  ['xn--.example', false],
  ['-a.example', false],
  ['a..example', false],
])('%s is a canonical name: %j', (name, expected) => {
  expect(isCanonicalName(name)).toBe(expected)
})

describe('nginx itself', () => {
  let root: string
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'ruche cándidate (1)-'))
  })
  afterEach(() => rm(root, { recursive: true }))
  const certified = async (change: Partial<ProxyInput>) => {
    const certificates = await openCertificates(join(root, 'certificates'))
    const certificate = await certificates.ensure(['example.org'])
    const own = change.ownCertificates?.map(({ name }) => ({ name, certificate })) ?? []
    const panel = { name: INPUT.panel.name, certificate }
    return { ...INPUT, ...change, panel, platform: { ...INPUT.platform, certificate }, ownCertificates: own }
  }

  test('understands every name that is not refused, however long, and thousands of them', async () => {
    const longest = `${`${'a'.repeat(61)}.`.repeat(4)}test.ex`.slice(-253).replace(/^\./, 'a')
    const odd = fc
      .sample(fc.domain(), 200)
      .map((name) => name.toLowerCase())
      .filter(isCanonicalName)
    const many = Array.from({ length: 10_000 }, (_, index) => `name-${index}.sites.example.org`)
    const names = [...new Set([longest, 'xn--bcher-kva.example', '1.2.a', ...odd, ...many])]
    expect(names.length).toBeGreaterThan(10_100)
    const sites = [{ name: 'shop', ipv4: '10.1.1.2', domains: names }]
    const ownCertificates = names.map((name) => ({ name, certificate: at('/a') }))
    await checkCandidate(NGINX, root, await certified({ sites, ownCertificates }))
    expect(await readdir(root)).toEqual(['certificates'])
  })

  test('understands every setting, with the longest texts of the oddest characters', async () => {
    const odd = `${'$host "\'\\`{};#<>&\n'.repeat(20)}${'é😀'.repeat(100)}`
    const settings: ServedSettings[] = [
      { ...SETTINGS, forceHttps: false, cache: 'minutes', cacheEpoch: 7 },
      { ...SETTINGS, maintenance: true, notFoundText: odd, forbiddenText: odd, errorText: odd, noindex: true },
      { ...SETTINGS, visitors: 'password', passwordHash: HASH, hsts: 'year', rate: 'strict', uploadBytes: 123_456 },
      {
        ...SETTINGS,
        visitors: 'people',
        allow: ['10.0.0.0/8', '2001:db8::/32', '::1'],
        deny: ['0.0.0.0/0', '1.2.3.4'],
      },
      {
        ...SETTINGS,
        redirects: [
          { from: '/a.b+c(d)*', to: '/*', status: 308 },
          { from: '/%C3%A9?'.slice(0, -1), to: 'https://example.org/?a=b&c#d', status: 301 },
        ],
      },
    ]
    const sites: SiteRoute[] = settings.map((one, index) => ({
      name: `site-${index}`,
      ipv4: '10.1.1.2',
      domains: [`site-${index}.sites.example.org`],
      settings: one,
    }))
    const closed = { name: 'closed', ipv4: '10.1.1.9', domains: [], settings: 'unreadable' as const }
    await checkCandidate(
      NGINX,
      root,
      await certified({ sites: [...sites, closed], pendingNames: ['a.test', 'b.test'] }),
    )
  })

  test('understands the form of HTTP/2 for its version', async () => {
    const http2 = planHttp2(await findInstalledVersion(NGINX))
    await checkCandidate(NGINX, root, await certified({ http2 }))
    expect(['0.9.0', '1.22.1', '1.25.0'].map(planHttp2)).toEqual(['listen', 'listen', 'listen'])
    expect(['1.25.1', '1.26.3', '2.0.0'].map(planHttp2)).toEqual(['directive', 'directive', 'directive'])
  })

  test('says in words what it does not understand, and nothing is left behind', async () => {
    const twice = { name: 'shop', ipv4: '10.1.1.2', domains: ['a.test', 'a.test'] }
    await expect(checkCandidate(NGINX, root, await certified({ sites: [twice] }))).rejects.toThrow(
      /new configuration was refused: .*conflicting parameter "a.test"/,
    )
    expect(await readdir(root)).toEqual(['certificates'])
  })
})
