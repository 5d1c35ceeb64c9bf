import { rename, stat } from 'node:fs/promises'

const MAX_BYTES = 64 * 1024 ** 2
const KEPT = 4

/**
 * Moves the access log aside when it is larger than 64 MiB (`access.log.1` is the newest of four); the front proxy makes a new one when it next reads its
 * configuration. Answers whether it did. Looked at with every change and every reconcile, so what there can be is five times that and what comes in between.
 */
export async function rotateAccessLog(path: string, maxBytes = MAX_BYTES): Promise<boolean> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  )
  if (size <= maxBytes) return false
  for (let number = KEPT - 1; number > 0; number--)
    await rename(`${path}.${number}`, `${path}.${number + 1}`).catch(ignoreAbsent)
  await rename(path, `${path}.1`)
  return true
}

function ignoreAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
