import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Authority } from './authority.js'
import { renderLeafRequest } from './request-text.js'
import { type CertificateFiles, filesIn, sign } from './sign.js'
import { addVersion, listVersions } from './versions.js'

/** Browsers refuse more than 398. */
const LIFE_DAYS = 397
const KEY_MODE = 0o640

export interface Leaf {
  files: CertificateFiles
  /** Two thirds of its life are over then: time for a new one. */
  renewAtMs: number
  validUntilMs: number
}

/** The newest version below `folder` that is whole, for exactly these names, by this authority, and not to be renewed yet. */
export async function findLeaf(
  folder: string,
  names: readonly string[],
  authority: Authority,
): Promise<Leaf | undefined> {
  for (const version of await listVersions(folder)) {
    const leaf = await readLeaf(version, names, authority).catch(() => undefined)
    if (leaf && leaf.renewAtMs > Date.now()) return leaf
  }
  return undefined
}

/** A new version below `folder`. */
export async function makeLeaf(folder: string, names: readonly string[], authority: Authority): Promise<Leaf> {
  const request = renderLeafRequest(names)
  const version = await addVersion(folder, 0o750, (temporary) =>
    sign(temporary, { request, days: LIFE_DAYS, keyMode: KEY_MODE, authority: authority.files }),
  )
  return readLeaf(version, names, authority)
}

/** What a version holds; throws when it is not whole, or for other names. Without an authority, by whomever. */
export async function readLeaf(version: string, names: readonly string[], authority?: Authority): Promise<Leaf> {
  const files = filesIn(version)
  const certificate = new X509Certificate(await readFile(files.certificate))
  const key = createPrivateKey(await readFile(files.key))
  const found = (certificate.subjectAltName ?? '').split(', ').map((name) => name.replace(/^DNS:/, ''))
  if (!certificate.checkPrivateKey(key)) throw new Error('another key')
  if (authority && !certificate.verify(authority.certificate.publicKey)) throw new Error('another authority')
  if (found.sort().join() !== names.join()) throw new Error('other names')
  const fromMs = Date.parse(certificate.validFrom)
  const toMs = Date.parse(certificate.validTo)
  // Before its first day (the clock was set back) it is as useless as after its last.
  const renewAtMs = fromMs > Date.now() ? 0 : fromMs + ((toMs - fromMs) * 2) / 3
  return { files, renewAtMs, validUntilMs: toMs }
}
