import type { ChildProcess } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Configuration } from '../../../src/model/configuration.js'
import { type OpenedAcme, openAcme } from '../../../src/server/certificates/acme/open-acme.js'
import { openCertificates } from '../../../src/server/certificates/local-ca.js'
import { type Pebble, type PebbleOptions, startPebble } from '../../helpers/pebble.js'
import { endProcess, start, succeed, until } from '../../helpers/programs.js'

// All of it on loopback: pebble, the DNS it asks, and the HTTP of the machine that it looks at.
const HERE = '127.0.0.1'
const NAME = 'shop.example.test'
const OTHER = 'other.example.test'

let folder: string
let web: Server
let dns: ChildProcess
let ports: { acme: number; dns: number; http: number }
let isServed = true
let pebble: Pebble | undefined
let acme: OpenedAcme | undefined
let issued = 0

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ruche-acme-'))
  isServed = true
  issued = 0
  web = createServer(({ url = '' }, answer) => {
    const file = join(folder, 'certificates/challenges', url)
    const found = isServed ? readFile(file) : Promise.reject(new Error('not served'))
    found.then(
      (text) => answer.end(text),
      () => answer.writeHead(404).end(),
    )
  }).listen(0, HERE)
  await new Promise((resolve) => web.once('listening', resolve))
  const [dnsPort = 0, acmePort = 0] = await findPorts(2)
  ports = { http: (web.address() as AddressInfo).port, dns: dnsPort, acme: acmePort }
  const words = ['-defaultIPv4', HERE, '-defaultIPv6', '', '-dns01', `${HERE}:${dnsPort}`]
  dns = start('pebble-challtestsrv', [
    ...words,
    '-http01',
    '',
    '-https01',
    '',
    '-tlsalpn01',
    '',
    '-management',
    '',
  ]).child
})
afterEach(async () => {
  acme?.close()
  await pebble?.stop()
  pebble = undefined
  await endProcess(dns, 'SIGTERM', 5000)
  await new Promise((resolve) => web.close(resolve))
  await rm(folder, { recursive: true, force: true })
})

/** Free ports of which the next one is free too. */
async function findPorts(count: number): Promise<number[]> {
  const found = await Promise.all(
    Array.from({ length: count }, async () => {
      const probe = createServer().listen(0, HERE)
      await new Promise((resolve) => probe.once('listening', resolve))
      const { port } = probe.address() as AddressInfo
      await new Promise((resolve) => probe.close(resolve))
      return port
    }),
  )
  return found
}

async function begin(options: Partial<PebbleOptions> = {}): Promise<void> {
  pebble = await startPebble({
    folder: join(folder, 'pebble'),
    address: HERE,
    port: ports.acme,
    dnsServer: `${HERE}:${ports.dns}`,
    httpPort: ports.http,
    ...options,
  })
}

async function open(settings: Record<string, unknown> = {}): Promise<void> {
  acme?.close()
  const local = await openCertificates(join(folder, 'certificates'), ['example.test'])
  acme = await openAcme(local, {
    settings: Configuration.parse({
      certificates: {
        mode: 'acme',
        acme_directory: `https://${HERE}:${ports.acme}/dir`,
        acme_ca_file: join(folder, 'pebble/ca.pem'),
        ...settings,
      },
    }).certificates,
    libFolder: folder,
    records: undefined,
    askAddresses: async () => [HERE],
    here: () => [HERE],
    onIssued: () => issued++,
    log: pino({ level: 'silent' }),
    now: () => new Date(),
    pauses: { firstMs: 300, longestMs: 1000 },
    lookMs: 50,
  })
}

const state = (name = NAME) => acme?.stateOf([name])
const certificate = async (name = NAME) => {
  const files = await acme?.certificates.ensure([name])
  return new X509Certificate(await readFile(files?.certificate ?? ''))
}
const isIssued = async (name = NAME) => (await certificate(name)).issuer.includes('Pebble')
const untilIssued = (name = NAME) =>
  until(`${name} has a certificate`, () => isIssued(name), 20_000).catch((error: Error) => {
    throw new Error(`${error.message}\n${JSON.stringify(state(name))}\n${pebble?.output()}`)
  })

test('a name has the local certificate at once, and the authority’s when it is there; nothing of the challenge stays', async () => {
  await begin()
  await open()
  expect(await isIssued()).toBe(false)
  expect(state()).toMatchObject({ issuer: 'local', state: 'ordered' })
  await untilIssued()
  expect(state()).toMatchObject({ issuer: 'acme', state: 'valid' })
  expect((await certificate()).checkHost(NAME)).toBe(NAME)
  expect(issued).toBe(1)
  expect(await succeed('find', [join(folder, 'certificates/challenges'), '-type', 'f'])).toBe('')
  // Another server finds it again without asking anybody.
  await pebble?.stop()
  await open()
  expect(await isIssued()).toBe(true)
})

test('an authority that rejects half of the nonces issues all the same', async () => {
  await begin({ rejectedNonces: 50 })
  await open()
  for (const name of [NAME, OTHER]) await certificate(name)
  for (const name of [NAME, OTHER]) await untilIssued(name)
})

test('DOM-3: an authority that is down is waited for with growing pauses, and others are told why', async () => {
  await begin()
  await pebble?.stop()
  await open()
  await certificate()
  await until('it failed', async () => state()?.state === 'failed')
  expect(state()).toMatchObject({
    issuer: 'local',
    message: 'The ACME server does not answer.',
    nextTryAt: expect.any(String),
  })
  await begin()
  await untilIssued()
})

test('DOM-3: what the authority refuses is said; the pause is kept by the next server; another name is not held up', async () => {
  await begin()
  isServed = false
  await open()
  await certificate()
  await until('it failed', async () => state()?.state === 'failed')
  expect(state()?.message).toMatch(/404|unauthorized|invalid/i)
  const failedOnce = state()?.nextTryAt
  acme?.close()
  const trial = JSON.parse(await readKept('trial.json'))
  expect(trial).toMatchObject({ failures: expect.any(Number), message: state()?.message })
  expect(Date.parse(trial.nextTryAt)).toBeGreaterThanOrEqual(Date.parse(failedOnce ?? ''))
  isServed = true
  await open()
  await certificate(OTHER)
  await untilIssued(OTHER)
  await untilIssued()
})

const readKept = async (name: string): Promise<string> => {
  const [path = ''] = (await succeed('find', [join(folder, 'certificates/acme'), '-name', name])).split('\n')
  return readFile(path, 'utf8')
}

test('a short-lived certificate is renewed before it ends; while that fails the old one stays', async () => {
  // Long enough that a slow machine, too, is at it before the end.
  await begin({ validitySeconds: 24 })
  await open()
  await certificate()
  await untilIssued()
  const first = await certificate()
  await until('it is renewed', async () => (await certificate()).serialNumber !== first.serialNumber, 40_000)
  const second = await certificate()
  expect(Date.parse(first.validTo)).toBeGreaterThan(Date.now())
  expect(issued).toBe(2)
  isServed = false
  await until('a renewal failed', async () => state()?.message !== undefined, 40_000)
  expect(state()).toMatchObject({ issuer: 'acme', state: 'valid', nextTryAt: expect.any(String) })
  expect((await certificate()).serialNumber).toBe(second.serialNumber)
  isServed = true
  await until('it is renewed again', async () => (await certificate()).serialNumber !== second.serialNumber, 40_000)
})

test('what is in the way is said, and no try is spent: a wildcard without DNS', async () => {
  await begin()
  await open()
  await acme?.certificates.ensure(['example.test', '*.example.test'])
  await until('it waits', async () => acme?.stateOf(['example.test', '*.example.test'])?.state === 'waiting')
  expect(acme?.stateOf(['example.test', '*.example.test'])?.message).toContain('needs DNS')
  expect(pebble?.output()).not.toContain('POST')
})

test('an authority that wants a bound account gets one, and refuses the wrong key', async () => {
  const key = 'zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W'
  await begin({ bindingKeys: { 'kid-1': key } })
  const keyFile = join(folder, 'eab')
  await writeFile(keyFile, 'b10lLJs8l1GPIzsLP0s6pMt8O0XVGnfTaCeROxQM0BIt2XrJMDHJZBM5NuQmQJQH\n')
  await open({ acme_key_id: 'kid-1', acme_key_file: keyFile })
  await certificate()
  await until('it failed', async () => state()?.state === 'failed')
  await writeFile(keyFile, `${key}\n`)
  await untilIssued()
})
