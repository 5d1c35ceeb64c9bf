import type { Stats } from 'node:fs'
import { link, lstat, readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'

/** How many files are looked at at once: more only queue in Node's own threads. */
const AT_ONCE = 16

/**
 * Makes the regular files of a new tree that another tree has too (same path, owner, mode and content) the same file on the disk, so that sites of
 * different stacks share disk space and page cache. Right because trees are never written to once they are built. Returns the bytes of the new tree.
 */
export async function shareFiles(tree: string, others: string[]): Promise<number> {
  const entries = await readdir(tree, { withFileTypes: true, recursive: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  let sizeBytes = 0
  for (let first = 0; first < paths.length; first += AT_ONCE) {
    const batch = paths.slice(first, first + AT_ONCE)
    const sizes = await Promise.all(batch.map((path) => shareWithOne(path, tree, others)))
    for (const size of sizes) sizeBytes += size
  }
  return sizeBytes
}

/** Bytes on the disk of the file, shared or not. */
async function shareWithOne(path: string, tree: string, others: string[]): Promise<number> {
  const file = await lstat(path)
  // A name more costs more than an empty file does.
  if (file.size > 0 && file.nlink === 1)
    for (const other of others) if (await shareFile(path, file, join(other, path.slice(tree.length)))) break
  return file.blocks * 512
}

async function shareFile(path: string, file: Stats, otherPath: string): Promise<boolean> {
  const other = await lstat(otherPath).catch(() => undefined)
  if (!other?.isFile() || !looksAlike(file, other)) return false
  const [content, otherContent] = await Promise.all([readFile(path), readFile(otherPath)])
  if (!content.equals(otherContent)) return false
  const name = `${path}.ruche-shared`
  try {
    await link(otherPath, name)
  } catch {
    // Too many names already (EMLINK), or that template is being removed: the file stays our own.
    return false
  }
  await rename(name, path)
  return true
}

function looksAlike(a: Stats, b: Stats): boolean {
  return a.size === b.size && a.mode === b.mode && a.uid === b.uid && a.gid === b.gid && a.dev === b.dev
}
