import { createHash } from 'node:crypto'
import { chmod, cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const STAMP = '.digest'

/** Copies the server's program and pages to where its user can read them, when they are others than those that are there. */
export async function deployApp(source: string, target: string): Promise<'copied' | 'same'> {
  const digest = await digestOf(source)
  if ((await readFile(join(target, STAMP), 'utf8').catch(() => '')) === digest) return 'same'
  const folder = await mkdtemp(join(dirname(target), 'app-new-'))
  await cp(source, folder, { recursive: true, dereference: true })
  await writeFile(join(folder, STAMP), digest)
  await openToRead(folder)
  const old = `${folder}-old`
  await rename(target, old).catch(() => undefined)
  await rename(folder, target)
  await rm(old, { recursive: true, force: true })
  return 'copied'
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

async function digestOf(folder: string): Promise<string> {
  const hash = createHash('sha256')
  for (const file of await listFiles(folder)) hash.update(`${file.slice(folder.length)}\0`).update(await readFile(file))
  return hash.digest('hex')
}

async function openToRead(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644)
}
