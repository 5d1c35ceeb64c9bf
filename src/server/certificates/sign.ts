import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../run.js'
import { finishFile, writeNewFile } from './group-files.js'

const OPENSSL = '/usr/bin/openssl'
const TIME_LIMIT_MS = 20_000

/** Certificate and key of an authority, or of a name set. */
export interface CertificateFiles {
  certificate: string
  key: string
}

export const filesIn = (folder: string): CertificateFiles => ({
  certificate: join(folder, 'certificate.pem'),
  key: join(folder, 'key.pem'),
})

/**
 * Makes a P-256 key and its certificate (RFC 5280) in `folder`, signed by `authority` or by itself. The request's text decides what it may be used for;
 * `request` must be of checked names only. The key never leaves its file. AppError `host_failed`, `timed_out`.
 */
export async function sign(
  folder: string,
  {
    request,
    days,
    keyMode,
    authority,
  }: { request: string; days: number; keyMode: number; authority?: CertificateFiles },
): Promise<void> {
  const files = filesIn(folder)
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  await writeNewFile(files.key, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), keyMode)
  const requestFile = join(folder, 'request.cnf')
  await writeNewFile(requestFile, request, 0o600)
  const serial = `0x${(randomBytes(1).readUInt8() & 0x7f).toString(16).padStart(2, '0')}${randomBytes(15).toString('hex')}`
  const signer = authority ? ['-CA', authority.certificate, '-CAkey', authority.key] : []
  const what = ['-config', requestFile, '-extensions', 'extensions', '-key', files.key, '-out', files.certificate]
  const how = ['-days', String(days), '-set_serial', serial, '-sha256', ...signer]
  await run(OPENSSL, ['req', '-x509', '-new', ...what, ...how], TIME_LIMIT_MS)
  await rm(requestFile)
  await finishFile(files.certificate, 0o644)
}
