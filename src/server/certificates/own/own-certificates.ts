import { X509Certificate } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CertificateState, OwnCertificate } from '../../../model/certificate.js'
import { ensureFolder, writeNewFile } from '../group-files.js'
import { type CertificateFiles, filesIn } from '../sign.js'
import { addVersion, listVersions, pruneVersions } from '../versions.js'
import { checkOwnCertificate, HAND_OVER_MS } from './check-own.js'

/** Certificates that owners brought along, one for a domain name. */
export interface OwnCertificates {
  /** The one to serve; undefined when there is none, or when it ends within a day. */
  find(name: string): Kept | undefined
  /** Where it stands; undefined when none is served. */
  state(name: string): CertificateState | undefined
  /** Checks it, and keeps it instead of the one before. AppError `invalid`. */
  set(name: string, given: OwnCertificate): Promise<void>
  /** Answers whether there was one. */
  remove(name: string): Promise<boolean>
  keepOnly(names: ReadonlySet<string>): Promise<void>
}

export interface Kept {
  files: CertificateFiles
  validUntilMs: number
  /** It is time for its owner to bring another. */
  isEnding: boolean
}

const ALARM_MS = 14 * 86_400_000

/** Below `folder`, which the front proxy may read: a folder for each name, in it the newest versions. */
export async function openOwnCertificates(folder: string, now: () => Date): Promise<OwnCertificates> {
  await ensureFolder(folder, 0o750)
  const all = new Map<string, Omit<Kept, 'isEnding'>>()
  for (const name of await readdir(folder)) {
    const found = await readNewest(join(folder, name))
    if (found) all.set(name, found)
  }
  const find = (name: string): Kept | undefined => {
    const kept = all.get(name)
    const leftMs = kept ? kept.validUntilMs - now().getTime() : 0
    return kept && leftMs > HAND_OVER_MS ? { ...kept, isEnding: leftMs < ALARM_MS } : undefined
  }
  const remove = async (name: string) => {
    const isThere = all.delete(name)
    if (isThere) await rm(join(folder, name), { recursive: true, force: true })
    return isThere
  }
  return {
    find,
    state(name) {
      const kept = find(name)
      return kept && describe(kept)
    },
    async set(name, given) {
      const { chain, key, validUntilMs } = checkOwnCertificate(name, given, now().getTime())
      const own = join(folder, name)
      const version = await addVersion(own, 0o750, async (temporary) => {
        const files = filesIn(temporary)
        await writeNewFile(files.key, key, 0o640)
        await writeNewFile(files.certificate, chain, 0o644)
      })
      all.set(name, { files: filesIn(version), validUntilMs })
      // The one before stays: a front proxy that has not read its new configuration yet still serves it.
      await pruneVersions(own, 2)
    },
    remove,
    async keepOnly(names) {
      for (const name of [...all.keys()]) if (!names.has(name)) await remove(name)
    },
  }
}

async function readNewest(folder: string): Promise<Omit<Kept, 'isEnding'> | undefined> {
  const [version] = await listVersions(folder)
  if (version === undefined) return undefined
  const files = filesIn(version)
  const text = await readFile(files.certificate, 'utf8')
  const chain = text.split(/(?<=-----END CERTIFICATE-----\n)/).filter(Boolean)
  return { files, validUntilMs: Math.min(...chain.map((pem) => Date.parse(new X509Certificate(pem).validTo))) }
}

function describe({ validUntilMs, isEnding }: Kept): CertificateState {
  const message = 'It ends soon: upload another, or the platform’s own is served from its last day on.'
  return {
    issuer: 'own',
    state: 'valid',
    validUntil: new Date(validUntilMs).toISOString(),
    ...(isEnding && { message }),
  }
}
