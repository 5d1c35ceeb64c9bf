import { dirname } from 'node:path'
import { AppError } from '../../model/errors.js'
import { type CertificateFiles, filesIn } from '../certificates/sign.js'
import { pathLiteral } from './literals.js'

/** The folder of a certificate and its key, in quotes: in maps it stands for both. */
export function certificateFolder(files: CertificateFiles): string {
  const folder = dirname(files.certificate)
  const expected = filesIn(folder)
  if (files.certificate !== expected.certificate || files.key !== expected.key)
    throw new AppError('internal', 'A certificate does not lie where it should.', {
      cause: new Error(files.certificate),
    })
  return pathLiteral(folder)
}

/** A certificate that nginx reads at its start. */
export function renderFixedCertificate(files: CertificateFiles): string {
  return `  ssl_certificate ${pathLiteral(files.certificate)};
  ssl_certificate_key ${pathLiteral(files.key)};
`
}

/** A certificate read at the handshake, chosen by the name asked for: one server for any number of names. */
export function renderChosenCertificate(): string {
  const { certificate, key } = filesIn('$certificate')
  return `  ssl_certificate ${certificate};
  ssl_certificate_key ${key};
`
}

/** Refuses a request whose name needs another certificate than the one the connection was opened with (RFC 9110 §15.5.20). */
export const REFUSE_OTHER_CERTIFICATE = '  if ($certificate != $host_certificate) { return 421; }\n'
