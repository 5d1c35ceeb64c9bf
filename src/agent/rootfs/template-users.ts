import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from '../host/durable-files.js'

/** Below the templates' folder: one file for each platform that has ever used it, with the path of its agent's state. */
const PLATFORMS = '.platforms'

/** Tells who else uses this folder that a platform does. */
export async function announcePlatform(folder: string, stateFolder: string): Promise<void> {
  await mkdir(join(folder, PLATFORMS), { recursive: true, mode: 0o700 })
  const name = createHash('sha256').update(stateFolder).digest('hex').slice(0, 16)
  await writeDurably(join(folder, PLATFORMS, name), `${stateFolder}\n`, 0o600)
}

/** Containers of other platforms whose records name this template. A platform whose state is gone is forgotten. */
export async function findOtherUsers(folder: string, digest: string, ownStateFolder: string): Promise<string[]> {
  const users: string[] = []
  for (const name of await readdir(join(folder, PLATFORMS)).catch(() => [] as string[])) {
    const path = join(folder, PLATFORMS, name)
    const stateFolder = (await readFile(path, 'utf8').catch(() => '')).trim()
    if (stateFolder === '' || stateFolder === ownStateFolder) continue
    const ids = await readdir(join(stateFolder, 'sites')).catch(() => undefined)
    if (ids === undefined) await rm(path, { force: true })
    else for (const id of ids) if (await usesTemplate(join(stateFolder, 'sites', id), digest)) users.push(id)
  }
  return users
}

/** A record that cannot be read, or was written by another version, may name it as well as not: what it says as text counts. */
async function usesTemplate(siteFolder: string, digest: string): Promise<boolean> {
  const text = await readFile(join(siteFolder, 'spec.json'), 'utf8').catch(() => '')
  return text.includes(`"${digest}"`)
}
