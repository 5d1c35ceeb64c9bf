import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { isIP } from 'node:net'
import { connect } from 'node:tls'
import { type Check, judge, type Sign, sign, unknownCheck } from '../../model/doctor.js'
import type { CertificateFiles } from '../certificates/sign.js'
import type { Generations } from './generations.js'
import type { ProxyFiles } from './proxy-input.js'
import { findServed, type StatusAddress } from './served-generation.js'

/** What was last made for the front proxy. */
export interface MadeForProxy {
  generation: string
  files: ProxyFiles
  certificates: { names: readonly string[]; files: CertificateFiles }[]
}

export interface ProxyPlaces {
  generations: Generations
  status: StatusAddress
  httpsPort: number
  panel: string
  /** The authorities that visitors are told to trust. */
  caFile: string
}

const TIMEOUT_MS = 2000
/** A name that can be nobody's (RFC 6761). */
const NOBODY = 'doctor.invalid'
const DAY_MS = 86_400_000
/** Renewal comes long before: what is left with less is not renewed any more. */
const LEAST_LEFT_MS = 14 * DAY_MS

/** The front proxy from outside and from its files. Nothing is mended here. */
export async function examineProxy(places: ProxyPlaces, made: MadeForProxy | undefined): Promise<Check[]> {
  const unknown = await examineUnknownNames(places)
  if (made === undefined) {
    const why = 'the front proxy was not set up yet'
    return [unknownCheck('proxy.configuration', why), unknown, unknownCheck('proxy.certificates', why)]
  }
  return [await examineConfiguration(places, made), unknown, await examineCertificates(places, made)]
}

async function examineConfiguration({ generations, status }: ProxyPlaces, made: MadeForProxy): Promise<Check> {
  const [current, isWritten, served] = await Promise.all([
    generations.findCurrent(),
    generations.isWritten(made.generation, made.files),
    findServed(status),
  ])
  return judge('proxy.configuration', [
    ...(current === made.generation ? [] : [sign('current', current ?? '–', made.generation)]),
    ...(isWritten ? [] : [sign(generations.folder(made.generation), 'changed', 'as it was made')]),
    ...(served?.generation === made.generation
      ? []
      : [sign(`${status.host}:${status.port}`, served?.generation ?? '–', made.generation)]),
  ])
}

async function examineUnknownNames({ status, httpsPort }: ProxyPlaces): Promise<Check> {
  const [http, https] = await Promise.all([askUnknown(status), shakeUnknown({ host: status.host, port: httpsPort })])
  const where = (port: number) => `${isIP(status.host) === 6 ? `[${status.host}]` : status.host}:${port}`
  if (http === 'nobody' && https === 'nobody') return unknownCheck('proxy.unknown-names', 'nothing listens there')
  return judge('proxy.unknown-names', [
    ...(http === 'answered' ? [sign(where(status.port), 'an answer', '–')] : []),
    ...(https === 'answered' ? [sign(where(httpsPort), 'a certificate', '–')] : []),
  ])
}

type Reaction = 'refused' | 'answered' | 'nobody'

const isNobody = (error: NodeJS.ErrnoException): boolean =>
  error.code === 'ECONNREFUSED' || error.code === 'EHOSTUNREACH'

function askUnknown({ host, port }: StatusAddress): Promise<Reaction> {
  return new Promise((resolve) => {
    const call = request({ host, port, agent: false, headers: { host: NOBODY }, timeout: TIMEOUT_MS }, (answer) => {
      answer.destroy()
      resolve('answered')
    })
    call.on('timeout', () => call.destroy())
    call.on('error', (error) => resolve(isNobody(error) ? 'nobody' : 'refused'))
    call.end()
  })
}

function shakeUnknown({ host, port }: StatusAddress): Promise<Reaction> {
  return new Promise((resolve) => {
    // Whoever answers it at all is at fault: there is no certificate for that name.
    const socket = connect({ host, port, servername: NOBODY, rejectUnauthorized: false, timeout: TIMEOUT_MS })
    const settle = (reaction: Reaction) => {
      socket.destroy()
      resolve(reaction)
    }
    socket.once('secureConnect', () => settle('answered'))
    socket.once('timeout', () => settle('refused'))
    socket.once('error', (error) => settle(isNobody(error) ? 'nobody' : 'refused'))
  })
}

async function examineCertificates(places: ProxyPlaces, { certificates }: MadeForProxy): Promise<Check> {
  const bundle = await readFile(places.caFile, 'utf8').catch(() => '')
  const authorities = splitBundle(bundle)
  const signs = await Promise.all(certificates.map((one) => examineFiles(one, authorities)))
  const served = await shakePanel(places, certificates[0]?.files.certificate)
  return judge('proxy.certificates', [
    ...authorities.flatMap((authority) => findDateSigns(authority.subject.replaceAll('\n', ' '), authority)),
    ...signs.flat(),
    ...served,
  ])
}

const splitBundle = (text: string): X509Certificate[] =>
  (text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (pem) => new X509Certificate(pem),
  )

async function examineFiles(
  { names, files }: MadeForProxy['certificates'][number],
  authorities: readonly X509Certificate[],
): Promise<Sign[]> {
  const what = names.join(' ')
  try {
    const [certificate, ...chain] = splitBundle(await readFile(files.certificate, 'utf8'))
    if (!certificate) return [sign(what, 'no certificate')]
    const key = createPrivateKey(await readFile(files.key))
    const missing = names.filter((name) => certificate.checkHost(name) === undefined)
    return [
      ...findDateSigns(what, certificate),
      ...missing.map((name) => sign(what, certificate.subjectAltName ?? '–', name)),
      ...(certificate.checkPrivateKey(key) ? [] : [sign(what, 'another key')]),
      // One that an authority on the Internet signed brings its own chain.
      ...([...authorities, ...chain].some((one) => certificate.verify(one.publicKey))
        ? []
        : [sign(what, 'another authority')]),
    ]
  } catch (error) {
    return [sign(what, error instanceof Error ? error.message : String(error))]
  }
}

/** Pure. */
export function findDateSigns(
  what: string,
  { validFrom, validTo }: Pick<X509Certificate, 'validFrom' | 'validTo'>,
  nowMs = Date.now(),
): Sign[] {
  const iso = (text: string) => new Date(text).toISOString()
  if (Date.parse(validFrom) > nowMs) return [sign(what, `from ${iso(validFrom)}`, `≤ ${new Date(nowMs).toISOString()}`)]
  const least = nowMs + LEAST_LEFT_MS
  return Date.parse(validTo) > least ? [] : [sign(what, `until ${iso(validTo)}`, `≥ ${new Date(least).toISOString()}`)]
}

/** What the front proxy really hands out for the panel: the certificate that was made for it. */
async function shakePanel({ status: { host }, httpsPort: port, panel }: ProxyPlaces, file = ''): Promise<Sign[]> {
  const [made] = splitBundle(await readFile(file, 'utf8').catch(() => ''))
  return new Promise((resolve) => {
    const socket = connect({ host, port, servername: panel, rejectUnauthorized: false, timeout: TIMEOUT_MS })
    const settle = (signs: Sign[]) => {
      socket.destroy()
      resolve(signs)
    }
    socket.once('secureConnect', () => {
      const { fingerprint256 } = socket.getPeerCertificate()
      settle(made && fingerprint256 === made.fingerprint256 ? [] : [sign(panel, fingerprint256, made?.fingerprint256)])
    })
    socket.once('timeout', () => settle([sign(panel, 'ETIMEDOUT')]))
    socket.once('error', (error: NodeJS.ErrnoException) => settle([sign(panel, error.code ?? error.message)]))
  })
}
