import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../model/errors.js'

/** A file of a recipe. Only the executable bit counts of its mode: a clone's umask must not change a template. */
export interface RecipeFile {
  /** Below the recipe's folder. */
  path: string
  mode: 0o644 | 0o755
  content: Buffer
}

/** What in a recipe's folder does not shape its template: words for people, and the programs that the agent runs in a site of any age. */
const BESIDE = ['README.md', 'backup', 'client', 'table']

/** Every file of a recipe's folder that shapes its template, sorted by path. */
export async function readRecipeFiles(folder: string): Promise<RecipeFile[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const files: RecipeFile[] = []
  for (const entry of entries) {
    const full = join(entry.parentPath, entry.name)
    const path = full.slice(folder.length + 1)
    if (entry.isDirectory() || BESIDE.includes(path)) continue
    if (!entry.isFile()) throw new AppError('invalid', `The recipe file ${full} is not a plain file.`)
    const { mode } = await stat(full)
    files.push({ path, mode: mode & 0o100 ? 0o755 : 0o644, content: await readFile(full) })
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}
