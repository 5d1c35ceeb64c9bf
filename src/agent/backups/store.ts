import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Backup, type BackupManifest, BackupProof } from '../../model/backup.js'
import { AppError } from '../../model/errors.js'
import type { Log } from '../containers/log.js'
import { findJson, makeFolderDurably, syncFolder, writeDurably } from '../host/durable-files.js'
import { type Archive, openArchive } from './read-archive.js'
import { PARTIAL } from './write-archive.js'

/** Which backup: of which site, and its own id; both were checked at the door. */
export interface BackupRef {
  key: string
  backup: string
}

const ARCHIVE = '.tar'
const PROOF = '.proof.json'

const rootFolder = (stateFolder: string): string => join(stateFolder, 'backups')
const folderOf = (stateFolder: string, key: string): string => join(rootFolder(stateFolder), key)

export function archivePath(stateFolder: string, { key, backup }: BackupRef): string {
  return join(folderOf(stateFolder, key), `${backup}${ARCHIVE}`)
}

/** The folder of a site's backups, root's alone. */
export async function makeBackupFolder(stateFolder: string, key: string): Promise<void> {
  await makeFolderDurably(rootFolder(stateFolder), 0o700)
  await makeFolderDurably(folderOf(stateFolder, key), 0o700)
}

/** AppError `not_found`, or `invalid` when it is damaged. The caller closes it. */
export async function getArchive(stateFolder: string, ref: BackupRef): Promise<Archive> {
  try {
    return await openArchive(archivePath(stateFolder, ref))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new AppError('not_found', 'There is no such backup.', { cause: error })
  }
}

export async function getBackup(stateFolder: string, ref: BackupRef): Promise<Backup> {
  const archive = await getArchive(stateFolder, ref)
  await archive.close()
  const proof = await findProof(stateFolder, ref)
  return toBackup(ref.backup, archive.manifest, archive.sizeBytes, proof)
}

/** What became of trying it out; undefined: nobody has. */
export function findProof(stateFolder: string, { key, backup }: BackupRef): Promise<BackupProof | undefined> {
  return findJson(join(folderOf(stateFolder, key), `${backup}${PROOF}`), BackupProof)
}

/** Its id is its name here: an archive that came from elsewhere says another. */
function toBackup(id: string, manifest: BackupManifest, sizeBytes: number, proof?: BackupProof): Backup {
  const { createdAt, stack, limits, database, frozenMs } = manifest
  const hasDatabase = database !== undefined
  return { id, createdAt, sizeBytes, stack, limits, hasDatabase, frozenMs, ...(proof && { proof }) }
}

/** Whose backups there are, or were. */
export const listKeys = (stateFolder: string): Promise<string[]> => namesIn(rootFolder(stateFolder))

/** Ids of a site's backups, in no order. */
export async function listIds(stateFolder: string, key: string): Promise<string[]> {
  const names = await namesIn(folderOf(stateFolder, key))
  return names.filter((name) => name.endsWith(ARCHIVE)).map((name) => name.slice(0, -ARCHIVE.length))
}

/** A site's backups, newest first. One whose archive is damaged is left out and told of in the log. */
export async function listBackups(stateFolder: string, key: string, log: Log): Promise<Backup[]> {
  const found: Backup[] = []
  for (const backup of await listIds(stateFolder, key)) {
    await getBackup(stateFolder, { key, backup }).then(
      (one) => found.push(one),
      (error: unknown) => log.error('backup cannot be read', { key, backup, error }),
    )
  }
  return found.sort((one, other) => (one.createdAt < other.createdAt ? 1 : -1))
}

export async function keepProof(stateFolder: string, { key, backup }: BackupRef, proof: BackupProof): Promise<void> {
  const path = join(folderOf(stateFolder, key), `${backup}${PROOF}`)
  await writeDurably(path, `${JSON.stringify(proof, undefined, 2)}\n`, 0o600)
}

/** Absent already: no change. */
export async function removeBackup(stateFolder: string, ref: BackupRef): Promise<void> {
  const path = archivePath(stateFolder, ref)
  await rm(path, { force: true })
  await rm(path.replace(/\.tar$/, PROOF), { force: true })
  await syncFolder(folderOf(stateFolder, ref.key)).catch(() => undefined)
}

/** Takes away what a crash has left half-written. Nobody may be writing yet. */
export async function sweepPartials(stateFolder: string): Promise<void> {
  for (const key of await listKeys(stateFolder)) {
    const folder = folderOf(stateFolder, key)
    for (const name of await namesIn(folder))
      if (name.endsWith(PARTIAL) || name.startsWith('.')) await rm(join(folder, name), { force: true })
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
}
