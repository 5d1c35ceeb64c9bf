import { AppError } from '../../model/errors.js'
import { insidePathBelowHome, workOnFiles } from './files-program.js'
import type { Hive } from './hive.js'

const TIMEOUT_MS = 10_000
const COPY_TIMEOUT_MS = 100_000
/** A folder may hold a million files. */
const REMOVE_TIMEOUT_MS = 100_000

export async function makeSiteFolder(hive: Hive, id: string, path: string): Promise<void> {
  await workOnFiles(hive, id, { verb: 'mkdir', args: [insidePathBelowHome(path)], timeoutMs: TIMEOUT_MS })
}

/** AppError `conflict` when there is something at `to`. */
export async function renameSiteFile(hive: Hive, id: string, from: string, to: string): Promise<void> {
  const args = [insidePathBelowHome(from), insidePathBelowHome(to)]
  if (to === from) return
  if (to.startsWith(`${from}/`)) throw new AppError('invalid', 'A folder cannot be moved into itself.')
  await workOnFiles(hive, id, { verb: 'rename', args, timeoutMs: TIMEOUT_MS })
}

/** Permission bits; a link's are those of what it leads to. */
export async function changeSiteFileMode(hive: Hive, id: string, path: string, mode: number): Promise<void> {
  const args = [insidePathBelowHome(path), mode.toString(8).padStart(3, '0')]
  await workOnFiles(hive, id, { verb: 'chmod', args, timeoutMs: TIMEOUT_MS })
}

/** A folder with all that is in it. AppError `conflict` when there is something at `to`. */
export async function copySiteFile(hive: Hive, id: string, from: string, to: string): Promise<void> {
  const args = [insidePathBelowHome(from), insidePathBelowHome(to)]
  if (to === from) throw new AppError('conflict', 'There is something of that name already.')
  if (to.startsWith(`${from}/`)) throw new AppError('invalid', 'A folder cannot be copied into itself.')
  await workOnFiles(hive, id, { verb: 'copy', args, timeoutMs: COPY_TIMEOUT_MS })
}

/** A folder with all that is in it. */
export async function removeSiteFile(hive: Hive, id: string, path: string): Promise<void> {
  await workOnFiles(hive, id, { verb: 'remove', args: [insidePathBelowHome(path)], timeoutMs: REMOVE_TIMEOUT_MS })
}
