import { chown, open, rename, stat } from 'node:fs/promises'

const FULL_BYTES = 20 * 1024 ** 2

/** Makes a log file that only its owner writes; one that is full becomes `.1` first. */
export async function ensureLogFile(path: string, owner: { uid: number; gid: number }): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found && found.size > FULL_BYTES) await rename(path, `${path}.1`)
  const file = await open(path, 'a', 0o640)
  await file.close()
  await chown(path, owner.uid, owner.gid)
}
