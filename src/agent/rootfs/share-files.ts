import type { Stats } from 'node:fs'
import { link, lstat, readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Makes the regular files of a new tree that another tree has too (same path, owner, mode and content) the same file on the disk, so that sites of
 * different stacks share disk space and page cache. Right because trees are never written to once they are built. Returns the bytes of the new tree.
 */
export async function shareFiles(tree: string, others: string[]): Promise<number> {
  let sizeBytes = 0
  const entries = await readdir(tree, { withFileTypes: true, recursive: true })
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const file = await lstat(path)
    sizeBytes += file.blocks * 512
    // A name more costs more than an empty file does.
    if (file.size === 0 || file.nlink > 1) continue
    for (const other of others) if (await shareFile(path, file, join(other, path.slice(tree.length)))) break
  }
  return sizeBytes
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
