import { createHash, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renderAuthorityRequest } from './request-text.js'
import { type CertificateFiles, filesIn, sign } from './sign.js'
import { addVersion, listVersions } from './versions.js'

const LIFE_DAYS = 3650
/** A new authority is made when the old one could not cover a leaf's whole life any more. */
const LEAST_DAYS_LEFT = 400
const DAY_MS = 86_400_000

export interface Authority {
  files: CertificateFiles
  certificate: X509Certificate
  pem: string
}

/**
 * The authority for these zones, made when there is none: P-256, ten years, key readable by the server alone. With zones its certificate names them as the
 * only ones it may certify, so that people who trust it trust it for nothing else; without zones it may certify any DNS name.
 */
export async function openAuthority(folder: string, zones: readonly string[]): Promise<Authority> {
  const sorted = [...new Set(zones)].sort()
  const own = join(
    folder,
    sorted.length ? createHash('sha256').update(sorted.join()).digest('hex').slice(0, 16) : 'any',
  )
  const found = await findAuthority(own)
  if (found) return found
  const version = await addVersion(own, 0o700, (temporary) => {
    const tag = temporary.slice(-6)
    const name = sorted.length ? `Ruche local CA ${tag}` : `Ruche local CA ${tag} for other names`
    return sign(temporary, { request: renderAuthorityRequest(name, sorted), days: LIFE_DAYS, keyMode: 0o600 })
  })
  return readAuthority(version)
}

/** The authority to use among the versions of one folder. */
export async function findAuthority(folder: string): Promise<Authority | undefined> {
  for (const version of await listVersions(folder)) {
    const authority = await readAuthority(version).catch(() => undefined)
    const left = authority ? Date.parse(authority.certificate.validTo) - Date.now() : 0
    if (authority && left > LEAST_DAYS_LEFT * DAY_MS) return authority
  }
  return undefined
}

async function readAuthority(version: string): Promise<Authority> {
  const files = filesIn(version)
  const pem = await readFile(files.certificate, 'utf8')
  return { files, certificate: new X509Certificate(pem), pem }
}
