import { chown, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Puts a settings file in its place at once: nobody ever reads half of one, and nobody else's file is written to. */
export async function writeSettings(
  path: string,
  settings: object,
  owner: { gid: number; mode: number },
): Promise<void> {
  const folder = await mkdtemp(join(dirname(path), 'settings-'))
  try {
    const file = join(folder, 'new')
    await writeFile(file, `${JSON.stringify(settings, undefined, 2)}\n`, { mode: owner.mode, flag: 'wx' })
    await chown(file, 0, owner.gid)
    await rename(file, path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
