import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Backup } from '../../model/backup.js'
import { AppError } from '../../model/errors.js'
import { checkDisk } from '../containers/admission.js'
import type { Caller } from '../containers/caller.js'
import { lookDisk, promisedBytes } from '../containers/disk.js'
import type { Hive } from '../containers/hive.js'
import { syncFolder } from '../host/durable-files.js'
import { openArchive } from './read-archive.js'
import { archivePath, type BackupRef, getArchive, getBackup, makeBackupFolder } from './store.js'
import { PARTIAL } from './write-archive.js'

/** How often the disk is looked at while an archive comes in. */
const LOOK_EVERY_BYTES = 64 * 1024 ** 2
const CHUNK_BYTES = 256 * 1024

/** Passes an archive on as it lies there. */
export async function readBackup(
  hive: Hive,
  ref: BackupRef,
  caller: Pick<Caller, 'stdout'>,
): Promise<{ sizeBytes: number }> {
  const archive = await getArchive(hive.settings.stateFolder, ref)
  await archive.close()
  const file = await open(archivePath(hive.settings.stateFolder, ref), 'r')
  // Its end closes the file.
  await pipeline(file.createReadStream({ highWaterMark: CHUNK_BYTES }), caller.stdout, { end: false })
  return { sizeBytes: archive.sizeBytes }
}

/** Takes in an archive that was made elsewhere. It gets its name once every byte of it was checked, so a half or a damaged one is never listed. */
export async function takeBackup(hive: Hive, ref: BackupRef, caller: Pick<Caller, 'stdin'>): Promise<Backup> {
  const { stateFolder } = hive.settings
  const path = archivePath(stateFolder, ref)
  await makeBackupFolder(stateFolder, ref.key)
  try {
    await writeIncoming(hive, `${path}${PARTIAL}`, caller)
    const archive = await openArchive(`${path}${PARTIAL}`)
    try {
      await archive.check()
    } finally {
      await archive.close()
    }
    await rename(`${path}${PARTIAL}`, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(`${path}${PARTIAL}`, { force: true })
    throw error
  }
  return getBackup(stateFolder, ref)
}

async function writeIncoming(hive: Hive, path: string, { stdin }: Pick<Caller, 'stdin'>): Promise<void> {
  const file = await open(path, 'w', 0o600)
  let unlooked = LOOK_EVERY_BYTES
  try {
    for await (const chunk of stdin) {
      unlooked += (chunk as Buffer).length
      if (unlooked >= LOOK_EVERY_BYTES) {
        unlooked = 0
        checkDisk(promisedBytes(hive) + LOOK_EVERY_BYTES, await lookDisk(hive))
      }
      await file.writeFile(chunk as Buffer)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  if (!stdin.readableEnded) throw new AppError('invalid', 'The archive did not come to its end.')
}
