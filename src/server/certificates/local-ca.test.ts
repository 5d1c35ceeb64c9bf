import { X509Certificate } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Certificates, openCertificates } from './local-ca.js'

const ZONES = ['sites.localhost', 'ruche.localhost']
const PLATFORM = ['*.sites.localhost', 'sites.localhost']
const DAY_MS = 86_400_000
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ruche-certificates-'))
})
afterEach(async () => {
  vi.useRealTimers()
  await rm(folder, { recursive: true })
})

const read = async (path: string) => new X509Certificate(await readFile(path))
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)

/** Answers how a TLS client that trusts `caFile` alone judges the certificate for `name`: 'trusted' or OpenSSL's word for what is wrong. */
async function judge(certificates: Certificates, names: string[], name: string, caFile = certificates.caFile) {
  const files = await certificates.ensure(names)
  const [cert, key, ca] = await Promise.all([files.certificate, files.key, caFile].map((path) => readFile(path)))
  const server = createServer({ cert, key }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const verdict = await new Promise<string>((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', servername: name, ca }, () => {
      socket.destroy()
      resolve('trusted')
    })
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
  server.close()
  return verdict
}

describe('a certificate', () => {
  test('is trusted for its names, wildcards included, by whoever trusts the bundle', async () => {
    const certificates = await openCertificates(folder, ZONES)
    expect(await judge(certificates, PLATFORM, 'sites.localhost')).toBe('trusted')
    expect(await judge(certificates, PLATFORM, 'hello.sites.localhost')).toBe('trusted')
    expect(await judge(certificates, PLATFORM, 'a.b.sites.localhost')).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
    expect(await judge(certificates, ['shop.example.org'], 'shop.example.org')).toBe('trusted')
  })

  test('says until when it is valid, once it was asked for', async () => {
    const certificates = await openCertificates(folder, ZONES)
    expect(certificates.validUntil(PLATFORM)).toBeUndefined()
    const { certificate } = await certificates.ensure(PLATFORM)
    const { validTo } = await read(certificate)
    expect(certificates.validUntil([...PLATFORM].reverse())).toBe(new Date(validTo).toISOString())
  })

  test('of the platform is trusted by programs that read only the first of the bundle', async () => {
    for (const zone of ['a.test', 'b.test', 'c.test', 'd.test']) {
      const certificates = await openCertificates(folder, [zone])
      await openCertificates(folder)
      const bundle = await readFile(certificates.caFile, 'utf8')
      expect(bundle.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThanOrEqual(2)
      expect(bundle.startsWith(await readFile(certificates.platformCaFile ?? '', 'utf8'))).toBe(true)
    }
  })

  test('of a name outside the platform is not trusted by whoever installed the platform authority alone', async () => {
    const certificates = await openCertificates(folder, ZONES)
    const { platformCaFile } = certificates
    expect(await judge(certificates, PLATFORM, 'hello.sites.localhost', platformCaFile)).toBe('trusted')
    expect(await judge(certificates, ['bank.example'], 'bank.example', platformCaFile)).not.toBe('trusted')
  })

  test('has a life and a use that browsers accept', async () => {
    const { certificate } = await (await openCertificates(folder, ZONES)).ensure(PLATFORM)
    const leaf = await read(certificate)
    const days = (Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / DAY_MS
    expect(days).toBeLessThanOrEqual(398)
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
    expect(leaf.ca).toBe(false)
    expect(leaf.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1')
    expect(leaf.subjectAltName).toBe('DNS:*.sites.localhost, DNS:sites.localhost')
    expect(leaf.serialNumber).toMatch(/^[0-9A-F]{31,32}$/)
  })

  test('and its keys are readable by those who need them only', async () => {
    const certificates = await openCertificates(folder, ZONES)
    const { key, certificate } = await certificates.ensure(PLATFORM)
    expect([await modeOf(key), await modeOf(certificate), await modeOf(certificates.caFile)]).toEqual([
      '640',
      '644',
      '644',
    ])
    const authorities = join(folder, 'authorities')
    expect(await modeOf(authorities)).toBe('700')
    const keys = (await readdir(authorities, { recursive: true })).filter((name) => name.endsWith('key.pem'))
    expect(keys).toHaveLength(2)
    for (const name of keys) expect(await modeOf(join(authorities, name))).toBe('600')
  })
})

describe('ensure', () => {
  test('answers the same files while they are good, whoever asks, in whatever order', async () => {
    const certificates = await openCertificates(folder, ZONES)
    const first = await certificates.ensure(PLATFORM)
    expect(await certificates.ensure([...PLATFORM].reverse())).toEqual(first)
    expect(await (await openCertificates(folder, ZONES)).ensure(PLATFORM)).toEqual(first)
  })

  test('gives one certificate to many who ask at once', async () => {
    const opened = await Promise.all(Array.from({ length: 4 }, () => openCertificates(folder, ZONES)))
    const files = await Promise.all(opened.flatMap((one) => [one.ensure(PLATFORM), one.ensure(PLATFORM)]))
    expect(new Set(files.map((one) => one.certificate)).size).toBe(1)
    for (const one of opened) expect(await judge(one, PLATFORM, 'x.sites.localhost')).toBe('trusted')
  })

  test('renews after two thirds of its life and keeps the one before', async () => {
    const certificates = await openCertificates(folder, ZONES)
    const first = await certificates.ensure(PLATFORM)
    vi.useFakeTimers({ now: Date.now() + 260 * DAY_MS, toFake: ['Date'] })
    expect(await certificates.ensure(PLATFORM)).toEqual(first)
    vi.setSystemTime(Date.now() + 10 * DAY_MS)
    const second = await certificates.ensure(PLATFORM)
    expect(second.certificate).not.toBe(first.certificate)
    expect((await read(first.certificate)).ca).toBe(false)
  })

  test.each(['certificate', 'key'] as const)('makes a new one when the %s was damaged', async (which) => {
    const certificates = await openCertificates(folder, ZONES)
    const first = await certificates.ensure(PLATFORM)
    await chmod(first[which], 0o600)
    await writeFile(first[which], 'damaged')
    const second = await certificates.ensure(PLATFORM)
    expect(second.certificate).not.toBe(first.certificate)
    expect(await judge(certificates, PLATFORM, 'x.sites.localhost')).toBe('trusted')
  })

  test('changes the authority when the zones change, and the bundle trusts both', async () => {
    await (await openCertificates(folder, ZONES)).ensure(PLATFORM)
    const certificates = await openCertificates(folder, ['sites.example.org'])
    expect(await judge(certificates, PLATFORM, 'x.sites.localhost')).toBe('trusted')
    expect(await judge(certificates, ['sites.example.org'], 'sites.example.org')).toBe('trusted')
  })

  test.each([
    ['a b.example'],
    ['x.example\nDNS.9 = bank.example'],
    ['10.0.0.1'],
    ['10.0.0.1/8'],
    ['a.*.example'],
    ['**.example'],
    ['-x.example'],
    ['UPPER.example'],
    ['$ENV::HOME.example'],
    [''],
  ])('refuses %j', async (name) => {
    const certificates = await openCertificates(folder, ZONES)
    await expect(certificates.ensure([name])).rejects.toThrow('No certificate can be made')
  })

  test('forgets what is not kept', async () => {
    const certificates = await openCertificates(folder, ZONES)
    const kept = await certificates.ensure(PLATFORM)
    const gone = await certificates.ensure(['old.example.org'])
    await certificates.keepOnly([PLATFORM, ['old.example.org']])
    await certificates.keepOnly([PLATFORM])
    expect((await stat(kept.key)).isFile()).toBe(true)
    await expect(stat(gone.key)).rejects.toThrow('ENOENT')
    expect((await stat((await certificates.ensure(['old.example.org'])).key)).isFile()).toBe(true)
  })

  test('does not forget what was asked for meanwhile, by whoever knows of names that are not among the kept ones yet', async () => {
    const certificates = await openCertificates(folder, ZONES)
    const coming = certificates.ensure(['coming.example.org'])
    await certificates.keepOnly([PLATFORM])
    const { key } = await coming
    await certificates.keepOnly([PLATFORM])
    expect((await stat(key)).isFile()).toBe(true)
  })
})
