import { join } from 'node:path'
import { AppError } from '../../model/errors.js'
import { run } from '../host/run.js'
import { aptFolders, planInstalls } from './apt.js'
import type { Install } from './apt-plan.js'
import type { DebianSources } from './debian-sources.js'
import { findDeniedContent, findDeniedName } from './denied-packages.js'

interface Fetched {
  folder: string
  tree: string
  sources: DebianSources
  packages: readonly string[]
}

/**
 * Looks at everything that would come into a tree for packages that a site asked for, fetched and not yet installed: at the names, and at what is
 * in them. AppError `invalid` with the first that may not be had, and why.
 */
export async function judgeExtra({ folder, tree, sources, packages }: Fetched): Promise<void> {
  const installs = await planInstalls(folder, tree, sources, packages)
  const { archives } = aptFolders(folder)
  for (const one of installs.filter(({ from }) => from === undefined)) {
    const reason = findDeniedName(one.name) ?? findDeniedContent(await listContents(join(archives, archiveName(one))))
    if (reason === undefined) continue
    const isAsked = packages.includes(one.name)
    throw new AppError('invalid', `The package ${one.name} may not be had: ${reason}.`, {
      hint: isAsked ? undefined : 'Another package that was asked for needs it.',
      fields: [{ path: 'packages', message: `${one.name}: ${reason}` }],
    })
  }
}

/** AppError `not_found` for a package that was asked for and is not in the tree: apt takes some names for others (patterns, virtual packages). */
export function checkThere(extra: readonly string[], installed: readonly { name: string }[]): void {
  const there = new Set(installed.map(({ name }) => name))
  const missing = extra.find((name) => !there.has(name))
  if (missing !== undefined) throw noPackage(missing)
}

function noPackage(name: string): AppError {
  const message = `There is no package ${name} in the archive.`
  return new AppError('not_found', message, { fields: [{ path: 'packages', message }] })
}

/** What dpkg-deb(1) finds in a package's file. */
async function listContents(path: string): Promise<string> {
  return (await run('dpkg-deb', ['--contents', path], { timeoutMs: 120_000 })).stdout
}

/** How apt names what it fetched: `:` of an epoch is written `%3a`. */
function archiveName({ name, to, architecture }: Install): string {
  return `${name}_${to.replaceAll(':', '%3a')}_${architecture}.deb`
}
