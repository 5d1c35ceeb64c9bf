import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Authority, findAuthority, openAuthority } from './authority.js'
import { folderName, isWithin, planNames } from './certificate-names.js'
import { ensureFolder, replaceFile } from './group-files.js'
import { findLeaf, type Leaf, makeLeaf } from './leaf.js'
import type { CertificateFiles } from './sign.js'
import { pruneHalfMade, pruneVersions } from './versions.js'

export interface Certificates {
  /** What a client must trust, PEM: the authority of the platform's own zones, and the one for other names. */
  caFile: string
  /** The one to hand out for installing in browsers: it can certify the platform's zones only. Absent when no zones were given. */
  platformCaFile?: string
  /** Files of a certificate for exactly these names (wildcards allowed), made or renewed when needed; a renewed one has another path. */
  ensure(names: readonly string[]): Promise<CertificateFiles>
  /** Until when the one that was asked for last is valid, as far as it was made here. */
  validUntil(names: readonly string[]): string | undefined
  /** Forgets every certificate and key but those of these name sets, and those that were asked for and never yet among such sets: they are about to be. */
  keepOnly(sets: readonly (readonly string[])[]): Promise<void>
}

interface Rooms {
  folder: string
  platform: Authority | undefined
  any: Authority
  zones: readonly string[]
}

/**
 * The local certificate authority: HTTPS works at second 0. `zones` are the platform's own (base domain, panel).
 * Safe to open several times on one folder, and to be asked by many at once.
 */
export async function openCertificates(folder: string, zones: readonly string[] = []): Promise<Certificates> {
  await mkdir(folder, { recursive: true, mode: 0o750 })
  const authorities = join(folder, 'authorities')
  await ensureFolder(authorities, 0o700)
  await ensureFolder(join(folder, 'names'), 0o750)
  for (const kind of [authorities, join(folder, 'names')])
    for (const name of await readdir(kind)) await pruneHalfMade(join(kind, name))
  const platform = zones.length ? await openAuthority(authorities, planNames(zones)) : undefined
  const rooms = { folder, platform, any: await openAuthority(authorities, []), zones }
  const caFile = join(folder, 'ca.pem')
  await writeBundle(caFile, authorities, platform)
  const made = new Map<string, { leaf: Leaf; stamp: string }>()
  const running = new Map<string, Promise<CertificateFiles>>()
  const unseen = new Set<string>()
  let forgetting: Promise<unknown> = Promise.resolve()
  return {
    caFile,
    ...(platform && { platformCaFile: platform.files.certificate }),
    ensure: async (names) => {
      const set = planNames(names)
      const key = set.join()
      unseen.add(folderName(set))
      const make = () => ensureLeaf(rooms, set, made)
      const work = running.get(key) ?? forgetting.then(make).finally(() => running.delete(key))
      running.set(key, work)
      return work
    },
    validUntil(names) {
      const leaf = made.get(planNames(names).join())?.leaf
      return leaf && new Date(leaf.validUntilMs).toISOString()
    },
    keepOnly: (sets) => {
      const kept = new Set(sets.map((names) => folderName(planNames(names))))
      for (const name of kept) unseen.delete(name)
      const work = forget(join(folder, 'names'), (name) => kept.has(name) || unseen.has(name))
      forgetting = work.catch(() => undefined)
      return work
    },
  }
}

async function forget(folder: string, isKept: (name: string) => boolean): Promise<void> {
  for (const name of await readdir(folder))
    if (!isKept(name)) await rm(join(folder, name), { recursive: true, force: true })
}

async function ensureLeaf(
  rooms: Rooms,
  names: string[],
  made: Map<string, { leaf: Leaf; stamp: string }>,
): Promise<CertificateFiles> {
  const key = names.join()
  const known = made.get(key)
  if (known && known.leaf.renewAtMs > Date.now() && known.stamp === (await stampOf(known.leaf.files)))
    return known.leaf.files
  const folder = join(rooms.folder, 'names', folderName(names))
  const authority = rooms.platform && isWithin(names, rooms.zones) ? rooms.platform : rooms.any
  let leaf = await findLeaf(folder, names, authority)
  if (!leaf) {
    leaf = await makeLeaf(folder, names, authority)
    // The one before stays: a front proxy that has not read its new configuration yet still serves it.
    await pruneVersions(folder, 2)
  }
  made.set(key, { leaf, stamp: await stampOf(leaf.files) })
  return leaf.files
}

/** Changes when somebody touches the files, so that only then they are read and checked again. */
async function stampOf(files: CertificateFiles): Promise<string> {
  const stats = await Promise.all([stat(files.certificate), stat(files.key)]).catch(() => [])
  return stats.map(({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`).join()
}

// The platform's own first: some programs read no further. Those of earlier zones stay, for who still uses a certificate of theirs.
async function writeBundle(file: string, authorities: string, platform: Authority | undefined): Promise<void> {
  const names = (await readdir(authorities)).sort()
  const found = await Promise.all(names.map((name) => findAuthority(join(authorities, name))))
  const first = platform ?? found.find((authority) => authority !== undefined)
  const rest = found.filter((authority) => authority && authority.pem !== first?.pem)
  const pems = [first, ...rest].map((authority) => authority?.pem ?? '')
  const old = await readFile(file, 'utf8').catch(() => '')
  // Who was not told the zones cannot know the order.
  const right = platform ? old === pems.join('') : pems.every((pem) => old.includes(pem))
  if (!right) await replaceFile(file, pems.join(''), 0o644)
}
