import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import type { OwnCertificate } from '../../../model/certificate.js'
import { AppError } from '../../../model/errors.js'

/** A certificate that somebody brings along, as it is served: nothing but what was understood. */
export interface CheckedCertificate {
  /** The certificate first, each signed by the next; PEM. */
  chain: string
  /** PKCS#8, PEM. */
  key: string
  /** When the first of the chain ends. */
  validUntilMs: number
}

/** With less left the platform's own is served instead. */
export const HAND_OVER_MS = 86_400_000
const MOST_CERTIFICATES = 8
const RSA_BITS = { least: 2048, most: 4096 }
const CURVES = ['prime256v1', 'secp384r1']
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1'
const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g
/** What Debian's OpenSSL, and so the front proxy, asks of signatures and keys. */
const CIPHERS = 'DEFAULT@SECLEVEL=2'

/** Whether browsers will take this for `name`, and the front proxy can serve it. AppError `invalid` says which field is wrong, and never quotes the key. Pure. */
export function checkOwnCertificate(name: string, given: OwnCertificate, nowMs: number): CheckedCertificate {
  const key = readKey(given.key)
  const [leaf, ...authorities] = readChain(given.chain)
  if (!leaf) throw refuse('chain', 'no certificate is in it')
  checkLeaf(leaf, key, name)
  checkOrder([leaf, ...authorities])
  const all = [leaf, ...authorities]
  for (const one of all) checkStrength('chain', one.publicKey)
  const validUntilMs = checkDates(all, nowMs)
  const chain = all.map(String).join('')
  const checked = { chain, key: key.export({ type: 'pkcs8', format: 'pem' }).toString(), validUntilMs }
  tryOut(checked)
  return checked
}

function readKey(text: string): KeyObject {
  if (text.includes('ENCRYPTED')) throw refuse('key', 'it has a passphrase: give it without one')
  let key: KeyObject
  try {
    key = createPrivateKey(text)
  } catch {
    // What OpenSSL says of it may quote it.
    throw refuse('key', 'it is no private key in PEM')
  }
  checkStrength('key', key)
  return key
}

function readChain(text: string): X509Certificate[] {
  if (text.includes('PRIVATE KEY')) throw refuse('chain', 'a private key is in it: that belongs into the other field')
  const found = text.match(PEM_CERTIFICATE) ?? []
  if (found.length > MOST_CERTIFICATES) throw refuse('chain', `at most ${MOST_CERTIFICATES} certificates`)
  try {
    return found.map((pem) => new X509Certificate(pem))
  } catch {
    throw refuse('chain', 'it cannot be read as certificates in PEM')
  }
}

function checkStrength(path: keyof OwnCertificate, key: KeyObject): void {
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {}
  const isGood =
    key.asymmetricKeyType === 'rsa'
      ? modulusLength >= RSA_BITS.least && modulusLength <= RSA_BITS.most
      : key.asymmetricKeyType === 'ec' && CURVES.includes(namedCurve)
  if (!isGood) throw refuse(path, 'keys must be RSA of 2048 to 4096 bits, or on the curves P-256 or P-384')
}

function checkLeaf(leaf: X509Certificate, key: KeyObject, name: string): void {
  if (leaf.ca) throw refuse('chain', 'the first one must be the certificate of the name, not that of an authority')
  if (!leaf.checkPrivateKey(key)) throw refuse('key', 'it does not belong to the certificate')
  if (leaf.checkHost(name, { subject: 'never', partialWildcards: false }) === undefined)
    throw refuse('chain', `the certificate is not for ${name}`)
  const uses = leaf.keyUsage as string[] | undefined
  if (uses && !uses.includes(SERVER_AUTHENTICATION)) throw refuse('chain', 'the certificate is not for web servers')
}

/** One alone is refused: browsers that do not know its authority would not find the way to one they know. */
function checkOrder(all: readonly X509Certificate[]): void {
  if (all.length < 2) throw refuse('chain', 'the certificate of its authority is missing: add it below')
  for (const [index, one] of all.entries()) {
    const signer = all[index + 1]
    if (!signer) return
    if (!signer.ca || !one.checkIssued(signer) || !one.verify(signer.publicKey))
      throw refuse('chain', `certificate ${index + 2} did not sign the one before it`)
  }
}

function checkDates(all: readonly X509Certificate[], nowMs: number): number {
  if (all.some(({ validFrom }) => Date.parse(validFrom) > nowMs))
    throw refuse('chain', 'it does not count yet: look at its first day')
  const validUntilMs = Math.min(...all.map(({ validTo }) => Date.parse(validTo)))
  if (validUntilMs - nowMs <= HAND_OVER_MS) throw refuse('chain', 'it has ended, or ends within a day')
  return validUntilMs
}

/** As the front proxy will: OpenSSL judges signatures more strictly than we can see here. */
function tryOut({ chain, key }: CheckedCertificate): void {
  try {
    createSecureContext({ cert: chain, key, ciphers: CIPHERS })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw refuse('chain', `OpenSSL refuses it (${code ?? 'for no reason that it says'})`)
  }
}

function refuse(path: keyof OwnCertificate, message: string): AppError {
  return new AppError('invalid', `${path}: ${message}`, { fields: [{ path, message }] })
}
