import { createHash } from 'node:crypto'
import { access, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { LEFT_OUT } from './apt.js'
import type { BuildOptions } from './build-options.js'
import { runContained } from './contained.js'
import type { DebianRelease } from './debian-sources.js'

/** Below the templates' folder: trees with packages in them and nothing of recipes yet, from which builds start. */
const KEPT = '.kept'
const UNFINISHED = '.unfinished'
const COPY_LIMIT_MS = 1_200_000
/** Older ones have so much to bring up to date that starting afresh is quicker. */
const MAX_AGE_MS = 14 * 24 * 3_600_000

/** Where a tree with these packages is kept, if it is. */
export function keptPath(folder: string, release: DebianRelease, packages: string[]): string {
  const parts = [release.suite, release.architecture, ...LEFT_OUT, ...packages]
  return join(folder, KEPT, createHash('sha256').update(parts.join('\n')).digest('hex'))
}

/** The last of these paths that is there, and its place among them; -1 when none is. */
export async function findLastKept(paths: string[]): Promise<number> {
  const there = await Promise.all(paths.map(exists))
  return there.lastIndexOf(true)
}

/** cp(1) of a whole tree, owners, links and devices as they are. */
export async function copyTree(from: string, to: string, options: BuildOptions): Promise<void> {
  const argv = ['cp', '--archive', '--reflink=auto', '--', from, to]
  await runContained(argv, {}, { ...options, timeoutMs: COPY_LIMIT_MS })
}

/** Keeps a copy of a tree as it is now. */
export async function keepTree(tree: string, path: string, options: BuildOptions): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
  await copyTree(tree, `${path}${UNFINISHED}`, options)
  await rename(`${path}${UNFINISHED}`, path)
}

/** Removes kept trees that are old or were never finished. Only with the lock. */
export async function forgetOldTrees(folder: string): Promise<void> {
  for (const name of await readdir(join(folder, KEPT)).catch(() => [] as string[])) {
    const path = join(folder, KEPT, name)
    // The time of its last change of name: when it was kept.
    const { ctimeMs } = await stat(path)
    if (name.endsWith(UNFINISHED) || Date.now() - ctimeMs > MAX_AGE_MS) await rm(path, { recursive: true })
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
