import { link, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { BackupKey } from '../../model/backup.js'
import type { ContainerSpec, ContainerStatus } from '../../model/container.js'
import { AppError } from '../../model/errors.js'
import { renameDurably } from '../host/durable-files.js'
import type { Caller } from './caller.js'
import { makeFrom } from './create.js'
import type { Hive } from './hive.js'
import { type ContainerRecord, readRecord } from './record.js'
import { keepSlots, planRelease } from './slots.js'

/** What of a destroyed container is kept lies below its site's own id; what is being deleted has a name that begins with a dot. */
const trashFolder = (stateFolder: string): string => join(stateFolder, 'trash')
const keptAt = (stateFolder: string, key: string): string => join(trashFolder(stateFolder), key)
const DELETED = '.deleted-'
const isKey = (name: string): boolean => BackupKey.safeParse(name).success

/** The record of a container in the trash; undefined when there is none under that key. */
export async function findTrashed(stateFolder: string, key: string): Promise<ContainerRecord | undefined> {
  return readRecord(keptAt(stateFolder, key)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

/** Puts the folder of a container that has ended into the trash. */
export async function keepInTrash(stateFolder: string, folder: string, key: string): Promise<void> {
  await mkdir(trashFolder(stateFolder), { recursive: true, mode: 0o700 })
  await renameDurably(folder, keptAt(stateFolder, key))
}

/** Deletes a folder so that a crash in the middle leaves nothing that looks whole. */
export async function deleteFolder(stateFolder: string, folder: string, name: string): Promise<void> {
  const dying = join(trashFolder(stateFolder), `${DELETED}${name}`)
  await mkdir(trashFolder(stateFolder), { recursive: true, mode: 0o700 })
  await rename(folder, dying)
  await rm(dying, { recursive: true, force: true })
}

/** Makes a container out of what was kept of a destroyed one: its image, and its template unless the spec names another. */
export async function untrashContainer(
  hive: Hive,
  { key, spec }: { key: string; spec: ContainerSpec },
  caller: Pick<Caller, 'note'>,
): Promise<ContainerStatus> {
  const { stateFolder } = hive.settings
  return hive.locks.run(spec.id, async () => {
    const record = await findTrashed(stateFolder, key)
    if (!record && !hive.containers.has(spec.id)) throw new AppError('not_found', 'Nothing is kept of that site.')
    const status = await makeFrom(hive, spec, caller, {
      ...(record && { template: record.template }),
      begun: record?.begun ?? false,
      // A second name: until the new container is there, the trash keeps what it has.
      fill: (path) => link(join(keptAt(stateFolder, key), 'image'), path),
    })
    await purgeTrash(hive, key)
    return status
  })
}

/** Deletes for good what was kept of a destroyed container. Absent already: no change. */
export async function purgeTrash(hive: Hive, key: string): Promise<void> {
  const { stateFolder } = hive.settings
  const record = await findTrashed(stateFolder, key)
  if (!record) return
  await deleteFolder(stateFolder, keptAt(stateFolder, key), key)
  hive.slots = planRelease(hive.slots, record.slot)
  await keepSlots(hive)
}

/** Keys of everything that is kept. */
async function listTrash(stateFolder: string): Promise<string[]> {
  const names = await readdir(trashFolder(stateFolder)).catch(() => [])
  return names.filter(isKey)
}

/** The id ranges whose files are still kept. */
export async function trashedSlots(stateFolder: string): Promise<number[]> {
  const records = await Promise.all((await listTrash(stateFolder)).map((key) => findTrashed(stateFolder, key)))
  return records.flatMap((record) => (record ? [record.slot] : []))
}

/** Ends the deletions that a crash cut off. */
export async function sweepTrash(stateFolder: string): Promise<void> {
  const trash = trashFolder(stateFolder)
  await mkdir(trash, { recursive: true, mode: 0o700 })
  for (const name of await readdir(trash))
    if (!isKey(name)) await rm(join(trash, name), { recursive: true, force: true })
}
