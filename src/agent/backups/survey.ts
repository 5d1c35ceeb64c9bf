import { stat } from 'node:fs/promises'
import { type Backup, BackupKey, type BackupSurvey } from '../../model/backup.js'
import type { Log } from '../containers/log.js'
import { archivePath, findProof, getBackup, listIds, listKeys } from './store.js'

/** Sites that are looked at together: the disk has something to do while another answer is read. */
const AT_ONCE = 8

interface ArchiveFile {
  backup: string
  sizeBytes: number
  writtenMs: number
}
type Read = (file: ArchiveFile) => Promise<Backup | undefined>

/** How it stands with the backups of every site. Of most archives only name and size are looked at. */
export async function surveyBackups(stateFolder: string, log: Log): Promise<BackupSurvey[]> {
  const keys = (await listKeys(stateFolder)).filter((key) => BackupKey.safeParse(key).success).values()
  const found: BackupSurvey[] = []
  const work = async () => {
    for (const key of keys) found.push(await surveySite(stateFolder, key, log))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return found
}

async function surveySite(stateFolder: string, key: string, log: Log): Promise<BackupSurvey> {
  const files = await listFiles(stateFolder, key)
  const read: Read = ({ backup }) =>
    getBackup(stateFolder, { key, backup }).catch((error: unknown) => {
      log.error('backup cannot be read', { key, backup, error })
      return undefined
    })
  const readProven: Read = async (file) =>
    (await findProof(stateFolder, { key, backup: file.backup }))?.proven ? read(file) : undefined
  const newest = await findNewest(files, read)
  const proven = newest?.proof?.proven ? newest : await findNewest(files, readProven)
  return {
    key,
    ids: files.map(({ backup }) => backup),
    sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    ...(newest && { newest: outline(newest) }),
    ...(proven && { provenAt: proven.createdAt }),
  }
}

function outline({ id, createdAt, sizeBytes, proof }: Backup): NonNullable<BackupSurvey['newest']> {
  return { id, createdAt, sizeBytes, ...(proof && { proof }) }
}

/** Last written first. */
async function listFiles(stateFolder: string, key: string): Promise<ArchiveFile[]> {
  const files: ArchiveFile[] = []
  for (const backup of await listIds(stateFolder, key)) {
    const seen = await stat(archivePath(stateFolder, { key, backup })).catch(undefinedWhenGone)
    if (seen) files.push({ backup, sizeBytes: seen.size, writtenMs: seen.mtimeMs })
  }
  return files.sort((one, other) => other.writtenMs - one.writtenMs)
}

// Somebody has deleted it meanwhile.
function undefinedWhenGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

/** The newest of those that can be read. No archive is written before the moment that it holds, so what was last written before then need not be opened. */
async function findNewest(files: readonly ArchiveFile[], read: Read): Promise<Backup | undefined> {
  let newest: Backup | undefined
  for (const file of files) {
    if (newest && file.writtenMs < Date.parse(newest.createdAt)) break
    const one = await read(file)
    if (one && (!newest || one.createdAt > newest.createdAt)) newest = one
  }
  return newest
}
