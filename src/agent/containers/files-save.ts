import { EDITOR_MAX_BYTES } from '../../model/files.js'
import { insidePathBelowHome, workOnFiles } from './files-program.js'
import { tooLarge, versionOf } from './files-read.js'
import { getContainer, type Hive } from './hive.js'

const TIMEOUT_MS = 30_000

/** Replaces a file when it is still the version `base`, or makes it when `base` is null and there is none. Saves of one file follow one another. */
export async function saveSiteFile(
  hive: Hive,
  id: string,
  save: { path: string; base: string | null; content: string },
): Promise<{ version: string }> {
  const content = Buffer.from(save.content, 'base64')
  if (content.length > EDITOR_MAX_BYTES) throw tooLarge()
  getContainer(hive, id)
  const version = versionOf(content)
  const args = [insidePathBelowHome(save.path), save.base ?? 'none', version, String(EDITOR_MAX_BYTES)]
  await hive.locks.run(`${id}/${save.path}`, () =>
    workOnFiles(hive, id, { verb: 'save', args, stdin: content, timeoutMs: TIMEOUT_MS }),
  )
  return { version }
}
