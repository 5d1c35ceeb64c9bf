import { link, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { BackupKey } from '../../model/backup.js'
import { ContainerSpec } from '../../model/container.js'
import { Digest } from '../../model/names.js'
import { findJson, writeDurably } from '../host/durable-files.js'

/** 4,095 ranges of 65,536 ids fit between systemd's own containers and the ids where tools break (isolation.md, "Id maps"). */
export const SLOTS = 4095
const FIRST_UID_BASE = 1_879_048_192
const IDS_PER_SLOT = 65_536

/** What is kept of a container: enough to bring it back without the server. Everything else is looked up in the kernel. */
export const ContainerRecord = z
  .object({
    spec: ContainerSpec,
    slot: z
      .int()
      .min(0)
      .max(SLOTS - 1),
    /** `absent`: its destruction has begun and must be brought to its end. */
    wanted: z.enum(['running', 'stopped', 'absent']),
    /** Stopped until somebody asks for it, although it is wanted running. */
    asleep: z.boolean().default(false),
    template: Digest,
    createdAt: z.string(),
    /** How often it had to be brought back since somebody last started it. */
    restarts: z.int().min(0),
    /** Whether its data folders were filled by a first start. */
    begun: z.boolean(),
    /** With `absent`: under which key its image goes to the trash. */
    keptAs: BackupKey.optional(),
  })
  .strict()
export type ContainerRecord = z.infer<typeof ContainerRecord>

export function uidBaseOf(slot: number): number {
  return FIRST_UID_BASE + slot * IDS_PER_SLOT
}

/** Where the things of one container lie; `id` was checked at the door. */
export function siteFolder(stateFolder: string, id: string): string {
  return join(stateFolder, 'sites', id)
}
export function imagePath(stateFolder: string, id: string): string {
  return join(siteFolder(stateFolder, id), 'image')
}

/** What an image held until a restore, as long as it is not sure that the new one lives. */
export const BEFORE = 'image.before'

const RECORD = 'spec.json'
/** The record before this one, for whoever must repair a damaged one by hand; nothing reads it by itself. */
const LAST = 'spec.last.json'

/** Durable when it returns. */
export async function writeRecord(folder: string, record: ContainerRecord): Promise<void> {
  await rm(join(folder, LAST), { force: true })
  await link(join(folder, RECORD), join(folder, LAST)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  await writeDurably(join(folder, RECORD), `${JSON.stringify(record, undefined, 2)}\n`, 0o600)
}

export interface FoundRecords {
  records: ContainerRecord[]
  /** Folders whose record is missing, damaged, or claims what is another's: left exactly as they are. */
  broken: { id: string; cause: unknown }[]
}

/** Reads every record. A folder that begins with a dot is half-made and not looked at. */
export async function readRecords(stateFolder: string): Promise<FoundRecords> {
  const sites = join(stateFolder, 'sites')
  await mkdir(sites, { recursive: true, mode: 0o700 })
  const found: FoundRecords = { records: [], broken: [] }
  for (const id of (await readdir(sites)).filter((name) => !name.startsWith('.')).sort()) {
    try {
      found.records.push(await readOwnRecord(join(sites, id), id))
    } catch (cause) {
      found.broken.push({ id, cause })
    }
  }
  const { records, doubles } = planDoubles(found.records)
  return { records, broken: [...found.broken, ...doubles] }
}

/** Pure: ids of users, an address or a port belong to one container. Who says so of what an earlier one has was changed by hand. */
export function planDoubles(records: readonly ContainerRecord[]): {
  records: ContainerRecord[]
  doubles: FoundRecords['broken']
} {
  const owners = new Map<string, string>()
  const doubles: FoundRecords['broken'] = []
  const kept = [...records].sort(earlierFirst).filter(({ slot, spec }) => {
    const claims = [`slot ${slot}`, `address ${spec.address}`, `port ${spec.sftpPort}`]
    const claim = claims.find((one) => owners.has(one))
    if (claim !== undefined) doubles.push({ id: spec.id, cause: new Error(`${claim} is that of ${owners.get(claim)}`) })
    else for (const one of claims) owners.set(one, spec.id)
    return claim === undefined
  })
  return { records: kept, doubles }
}

const earlierFirst = (one: ContainerRecord, other: ContainerRecord): number =>
  one.createdAt < other.createdAt ? -1 : 1

/** The record in a folder; it may be that of another id. Error `ENOENT` when there is no such folder. */
export async function readRecord(folder: string): Promise<ContainerRecord> {
  const record = await findJson(join(folder, RECORD), ContainerRecord)
  if (record === undefined) throw Object.assign(new Error(`${RECORD} is missing`), { code: 'ENOENT' })
  return record
}

async function readOwnRecord(folder: string, id: string): Promise<ContainerRecord> {
  const record = await readRecord(folder)
  if (record.spec.id !== id) throw new Error(`${RECORD} is that of ${record.spec.id}`)
  return record
}
