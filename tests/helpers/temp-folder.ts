import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A fresh folder that only its owner can enter, and how to remove it. */
export interface TempFolder {
  path: string
  remove(): Promise<void>
}

/** Made below the system's temporary folder, mode 0700 (mkdtemp(3)). */
export async function makeTempFolder(purpose: string): Promise<TempFolder> {
  const path = await mkdtemp(join(tmpdir(), `ruche-${purpose}-`))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}
