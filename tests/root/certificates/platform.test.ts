import { X509Certificate } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Named, openNamed } from '../../helpers/named.js'
import { VISITOR_IPV4, VM_IPV4, VM_IPV6 } from '../../helpers/outer-network.js'
import { type Pebble, startPebble } from '../../helpers/pebble.js'
import { BASE_DOMAIN, PANEL, type Platform, startPlatform } from '../../helpers/platform.js'
import { until } from '../../helpers/programs.js'
import { findTrouble, OUTER_MACHINE } from '../platform/doctor/examination.js'

const ZONE = 'example.test'
const PORT = 14_000
const OWN = 'www.custom.test'

let named: Named
let platform: Platform
let pebble: Pebble
/** What a visitor trusts who has never heard of us. */
let rootFile: string

beforeAll(async () => {
  const leadHere = (label: string) => `${label} A ${VM_IPV4}\n${label} AAAA ${VM_IPV6}\n`
  named = await openNamed({ [ZONE]: '', 'custom.test': leadHere('www') })
  platform = await startPlatform(
    `${named.configuration(ZONE)}[certificates]
mode = "acme"
acme_directory = "https://${VISITOR_IPV4}:${PORT}/dir"
acme_email = "admin@${ZONE}"
acme_ca_file = "${join(named.folder, 'pebble/ca.pem')}"
`,
  )
  const { network } = platform
  await named.giveKey()
  await named.start(network)
  pebble = await startPebble({
    folder: join(named.folder, 'pebble'),
    address: VISITOR_IPV4,
    port: PORT,
    dnsServer: `${VISITOR_IPV4}:53`,
    httpPort: 80,
    inside: (argv) => network.inside(network.visitor, argv),
  })
  rootFile = join(platform.root, 'acme-root.pem')
  await writeFile(rootFile, await pebble.rootPem())
})
afterAll(async () => {
  await pebble?.stop()
  await named?.close(() => platform?.close())
})

interface Known {
  names: string[]
  issuer: string
  state: string
  valid_until?: string
  message?: string
}
const certificates = async () => (await platform.json<{ certificates: Known[] }>('status')).certificates
const visit = (url: string) =>
  platform.network.run(platform.network.visitor, [
    ...['curl', '-sS', '--max-time', '20', '--cacert', rootFile, '-o', '/dev/null', '-w', '%{http_code}', url],
  ])

test('the panel by HTTP-01 and the wildcard by DNS-01: visitors trust both, and nothing is left in DNS', async () => {
  await until(
    'both are there',
    async () => {
      const all = await certificates()
      return all.length === 2 && all.every(({ issuer, state }) => issuer === 'acme' && state === 'valid')
    },
    180_000,
  ).catch(async (error: Error) => {
    throw new Error(`${error.message}\n${JSON.stringify(await certificates())}\n${pebble.output().slice(-3000)}`)
  })
  await platform.json('create', 'shop', '--language', 'static')
  await platform.resolve(`shop.${BASE_DOMAIN}`)
  await until('the proxy serves them', async () => (await visit(`https://${PANEL}/`)).stdout === '200')
  expect(await visit(`https://shop.${BASE_DOMAIN}/`)).toMatchObject({ code: 0, stdout: '200' })
  expect(await named.ask(`_acme-challenge.${BASE_DOMAIN}`, 'TXT')).toEqual([])
})

test('a domain of a site’s own gets one by HTTP-01, its owner sees it, and its visitors are never without HTTPS', async () => {
  await platform.resolve(OWN)
  await platform.json('domain', 'add', 'shop', OWN, '--vouch')
  const stateOf = async () => {
    const { own } = await platform.json<{ own: { certificate?: Known }[] }>('domain', 'list', 'shop')
    return own[0]?.certificate
  }
  await until(
    'it has one',
    async () => {
      const now = await stateOf()
      if (now?.issuer !== 'acme') throw new Error(now?.message ?? `it is ${now?.state}`)
      return true
    },
    60_000,
  )
  expect(await stateOf()).toMatchObject({ state: 'valid', valid_until: expect.stringMatching(/^20/) })
  await until('it is served', async () => (await visit(`https://${OWN}/`)).stdout === '200')
})

test('the site’s own answers to other authorities still come through', async () => {
  const path = '/.well-known/acme-challenge/of-another'
  const asked = ['curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}', `http://${OWN}${path}`]
  expect((await platform.network.run(platform.network.visitor, asked)).stdout).toBe('404')
  const script = `mkdir -p public/.well-known/acme-challenge && echo theirs > public${path}`
  expect(await platform.ruche('exec', 'shop', '--', 'sh', '-c', script)).toMatchObject({ code: 0 })
  expect((await platform.network.run(platform.network.visitor, asked)).stdout).toBe('200')
})

test('the keys are for the server and the front proxy alone, and the doctor has nothing to say', async () => {
  const { stdout } = await platform.network.run(platform.network.vm, [
    ...['find', join(platform.root, 'lib/certificates/acme'), '-name', '*.pem', '-printf', '%f %m %u %g\n'],
  ])
  const lines = new Set(stdout.split('\n').filter(Boolean))
  expect([...lines].sort()).toEqual([
    'account.pem 600 ruche ruche-proxy',
    'certificate.pem 644 ruche ruche-proxy',
    'key.pem 640 ruche ruche-proxy',
  ])
  const trouble = (await findTrouble(platform)).filter(({ id }) => !OUTER_MACHINE.includes(id))
  expect(trouble).toEqual([])
})

test('a new server serves the same certificates without asking anybody', async () => {
  await pebble.stop()
  const children = JSON.parse(await readFile(join(platform.root, 'run/up/children.json'), 'utf8'))
  const { pid } = children.find((child: { name: string }) => child.name === 'server')
  process.kill(pid, 'SIGKILL')
  await until('a new one runs', async () => (await certificates().catch(() => [])).length === 2, 60_000)
  expect((await certificates()).map(({ issuer }) => issuer)).toEqual(['acme', 'acme'])
  expect((await visit(`https://${PANEL}/`)).stdout).toBe('200')
  const shown = await platform.network.run(platform.network.visitor, [
    ...['sh', '-c', `openssl s_client -connect ${VM_IPV4}:443 -servername ${OWN} </dev/null 2>/dev/null`],
  ])
  const [pem = ''] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(shown.stdout) ?? []
  expect(new X509Certificate(pem).issuer).toContain('Pebble')
})
