import { createHash } from 'node:crypto'
import type { CallResult } from '../../model/calls.js'
import { AppError } from '../../model/errors.js'
import { EDITOR_MAX_BYTES } from '../../model/files.js'
import { formatSize } from '../../model/sizes.js'
import { insidePathBelowHome, workOnFiles } from './files-program.js'
import type { Hive } from './hive.js'

const TIMEOUT_MS = 10_000

/** A regular file's content and version. AppError `limit_reached` when it is too large to edit. */
export async function readSiteFile(hive: Hive, id: string, path: string): Promise<CallResult<'files.read'>> {
  const { stdout } = await workOnFiles(hive, id, {
    verb: 'read',
    args: [insidePathBelowHome(path), String(EDITOR_MAX_BYTES + 1)],
    timeoutMs: TIMEOUT_MS,
    maxBytes: EDITOR_MAX_BYTES + 1,
  })
  if (stdout.length > EDITOR_MAX_BYTES) throw tooLarge()
  return { sizeBytes: stdout.length, version: versionOf(stdout), content: stdout.toString('base64') }
}

/** SHA-256 of a content, 64 hex digits. */
export function versionOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

export function tooLarge(): AppError {
  return new AppError('limit_reached', `The file is larger than ${formatSize(EDITOR_MAX_BYTES)}.`, {
    hint: 'Use SFTP for large files.',
  })
}
