import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OwnCertificate } from '../../src/model/certificate.js'
import { openAuthority } from '../../src/server/certificates/authority.js'
import { makeLeaf } from '../../src/server/certificates/leaf.js'

/** A certificate as people buy them: of an authority that the platform does not know, which lies at `caFile`. */
export interface BoughtCertificate extends OwnCertificate {
  caFile: string
}

/** Made below `folder`, with its authority. */
export async function issueCertificate(folder: string, names: readonly string[]): Promise<BoughtCertificate> {
  const authority = await openAuthority(join(folder, 'authority'), [])
  const { files } = await makeLeaf(join(folder, `leaf-${names.join().replaceAll('*', '_')}`), names, authority)
  const [leaf, key] = await Promise.all([files.certificate, files.key].map((file) => readFile(file, 'utf8')))
  return { chain: `${leaf}${authority.pem}`, key: key ?? '', caFile: authority.files.certificate }
}
