import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CertificateState } from '../../../model/certificate.js'
import type { Log } from '../../log.js'
import { folderName, planNames } from '../certificate-names.js'
import { ensureFolder, writeNewFile } from '../group-files.js'
import { type Leaf, readLeaf } from '../leaf.js'
import { type CertificateFiles, filesIn } from '../sign.js'
import { addVersion, listVersions, pruneVersions } from '../versions.js'
import { readFailure } from './failure.js'
import type { Issued } from './order.js'
import { type Pauses, planTrial, readTrial, type Trial, writeTrial } from './trials.js'

/** Gets certificates from an authority by itself, in the background, for names that are wanted. */
export interface AcmeDesk {
  /** The newest certificate for exactly these names, as long as it is valid. From now on they are wanted: one is ordered, and renewed. */
  find(names: readonly string[]): Promise<CertificateFiles | undefined>
  /** Where they stand; undefined when nobody wants them. */
  state(names: readonly string[]): CertificateState | undefined
  /** Wants only these any more, and forgets all others. */
  keepOnly(sets: readonly (readonly string[])[]): Promise<void>
  close(): void
}

export interface DeskParts {
  folder: string
  /** Orders one, or throws what the authority says. */
  order(names: readonly string[]): Promise<Issued>
  /** Why none can be had yet, in words: then no try is spent. */
  findObstacle(names: readonly string[]): Promise<string | undefined>
  /** A new one is there. */
  onIssued(): void
  log: Log
  now: () => Date
  pauses?: Pauses
  /** How often it is looked what is due. */
  lookMs?: number
}

interface Wanted {
  names: string[]
  folder: string
  leaf: Leaf | undefined
  trial: Trial | undefined
  obstacle: string | undefined
  isOrdered: boolean
}

const LOOK_MS = 5000
const AT_ONCE = 2
/** Renewals are spread over this part of a certificate's life before two thirds of it. */
const SPREAD = 0.05

export async function openAcmeDesk(parts: DeskParts): Promise<AcmeDesk> {
  const root = join(parts.folder, 'names')
  await ensureFolder(parts.folder, 0o750)
  await ensureFolder(root, 0o750)
  const all = new Map<string, Wanted>()
  const want = async (names: readonly string[]): Promise<Wanted> => {
    const set = planNames(names)
    const key = set.join()
    const known = all.get(key)
    if (known) return known
    const wanted = await readWanted(set, join(root, folderName(set)))
    return all.get(key) ?? all.set(key, wanted).get(key) ?? wanted
  }
  let running = 0
  const look = () => {
    for (const wanted of all.values()) {
      if (running >= AT_ONCE) return
      if (wanted.isOrdered || !isDue(wanted, parts.now().getTime())) continue
      running++
      wanted.isOrdered = true
      void attend(parts, wanted).finally(() => {
        wanted.isOrdered = false
        running--
      })
    }
  }
  const timer = setInterval(look, parts.lookMs ?? LOOK_MS)
  return {
    async find(names) {
      const { leaf } = await want(names)
      return leaf && leaf.validUntilMs > parts.now().getTime() ? leaf.files : undefined
    },
    state(names) {
      const wanted = all.get(planNames(names).join())
      return wanted && describe(wanted, parts.now().getTime())
    },
    async keepOnly(sets) {
      const kept = new Set(sets.map((names) => planNames(names).join()))
      for (const [key, { isOrdered }] of all) if (!kept.has(key) && !isOrdered) all.delete(key)
      const folders = new Set([...all.values()].map(({ folder }) => folder))
      for (const name of await readdir(root))
        if (!folders.has(join(root, name))) await rm(join(root, name), { recursive: true, force: true })
    },
    close: () => clearInterval(timer),
  }
}

async function readWanted(names: string[], folder: string): Promise<Wanted> {
  let leaf: Leaf | undefined
  for (const version of await listVersions(folder)) leaf ??= await readLeaf(version, names).catch(() => undefined)
  return { names, folder, leaf, trial: await readTrial(folder), obstacle: undefined, isOrdered: false }
}

function isDue({ leaf, trial, folder }: Wanted, nowMs: number): boolean {
  if (trial && Date.parse(trial.nextTryAt) > nowMs) return false
  if (!leaf) return true
  const lifeMs = (leaf.validUntilMs - leaf.renewAtMs) * 3
  return nowMs >= leaf.renewAtMs - lifeMs * SPREAD * shareOf(folder)
}

/** A number from 0 to 1 that is always the same for a folder. */
function shareOf(folder: string): number {
  return Number.parseInt(folder.slice(-4), 16) / 0xffff
}

/** One look at names that are due: something is in the way, or one is ordered. */
async function attend(parts: DeskParts, wanted: Wanted): Promise<void> {
  const { log } = parts
  const before = wanted.obstacle
  try {
    wanted.obstacle = await parts.findObstacle(wanted.names)
    if (wanted.obstacle !== undefined) {
      if (before !== wanted.obstacle) log.info({ names: wanted.names, why: wanted.obstacle }, 'no certificate yet')
      return
    }
    wanted.leaf = await keep(wanted, await parts.order(wanted.names))
    wanted.trial = undefined
    log.info({ names: wanted.names }, 'a certificate was issued')
    parts.onIssued()
  } catch (error) {
    const failure = readFailure(error)
    wanted.trial = planTrial(wanted.trial, failure, parts.now().getTime(), parts.pauses)
    log.warn({ names: wanted.names, why: failure.message, next: wanted.trial.nextTryAt }, 'no certificate was issued')
    await ensureFolder(wanted.folder, 0o750)
    await writeTrial(wanted.folder, wanted.trial).catch((err: unknown) =>
      log.error({ err }, 'a failed try is not kept'),
    )
  }
}

/** A new version; the one before stays for a front proxy that has not read its new configuration yet. */
async function keep({ folder, names }: Wanted, { chain, key }: Issued): Promise<Leaf> {
  const version = await addVersion(folder, 0o750, async (temporary) => {
    const files = filesIn(temporary)
    await writeNewFile(files.key, key, 0o640)
    await writeNewFile(files.certificate, chain, 0o644)
  })
  const leaf = await readLeaf(version, names)
  await pruneVersions(folder, 2)
  await rm(join(folder, 'trial.json'), { force: true })
  return leaf
}

function describe({ leaf, trial, obstacle, isOrdered }: Wanted, nowMs: number): CertificateState {
  const isValid = leaf !== undefined && leaf.validUntilMs > nowMs
  const message = obstacle ?? trial?.message
  const more = {
    ...(isValid && { validUntil: new Date(leaf.validUntilMs).toISOString() }),
    ...(message !== undefined && { message }),
    ...(trial && { nextTryAt: trial.nextTryAt }),
  }
  if (isValid) return { issuer: 'acme', state: 'valid', ...more }
  if (obstacle !== undefined) return { issuer: 'local', state: 'waiting', ...more }
  return { issuer: 'local', state: trial && !isOrdered ? 'failed' : 'ordered', ...more }
}
