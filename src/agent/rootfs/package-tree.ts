import { access, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { aptFolders, installPackages, LEFT_OUT, readAcquireSettings } from './apt.js'
import type { BuildOptions } from './build-options.js'
import { runContained } from './contained.js'
import type { DebianSources } from './debian-sources.js'
import { judgeExtra } from './extra-packages.js'
import { copyTree, findLastKept, keepTree, keptPath } from './kept-trees.js'

const MMDEBSTRAP = '/usr/bin/mmdebstrap'
const MERGED_USR = '/usr/share/mmdebstrap/hooks/maybe-merged-usr'
const BOOTSTRAP_LIMIT_MS = 1_800_000

/** A tree that is to be, and what sites want in it besides what recipes bring. */
export interface PackagePlace {
  /** The templates' folder. */
  folder: string
  tree: string
  sources: DebianSources
  extra: readonly string[]
}

/**
 * Puts the packages of all stages into a new folder, up to date, starting from the latest stage that an earlier build kept. The package lists must be
 * there. Returns the kept trees that are new: they share nothing with the templates yet. AppError `invalid` when one of the further packages may not be had.
 */
export async function makePackageTree(
  { folder, tree, sources, extra }: PackagePlace,
  stages: string[][],
  options: BuildOptions,
): Promise<string[]> {
  const last = stages.length - 1
  const paths = stages.map((packages) => keptPath(folder, sources, packages))
  const fresh: string[] = []
  let stage = await findLastKept(paths)
  if (stage < 0) await bootstrap(folder, tree, sources, stages[0] ?? [], options)
  else await copyTree(paths[stage] ?? '', tree, options)
  // What was kept may be old, and debootstrap knows no updates: the last stage is always gone through.
  for (stage = Math.min(stage + 1, last); stage <= last; stage += 1) {
    const packages = stages[stage] ?? []
    const judge = async () => {
      if (stage === last && extra.length > 0) await judgeExtra({ folder, tree, sources, packages })
    }
    await installPackages(folder, tree, sources, packages, options, judge)
    const path = paths[stage] ?? ''
    // Nothing else starts from the last one.
    if (stage < last && (await findLastKept([path])) < 0) {
      await keepTree(tree, path, options)
      fresh.push(path)
    }
  }
  return fresh
}

async function bootstrap(
  folder: string,
  tree: string,
  sources: DebianSources,
  packages: string[],
  options: BuildOptions,
): Promise<void> {
  const limits = { ...options, timeoutMs: BOOTSTRAP_LIMIT_MS }
  const isThere = await access(MMDEBSTRAP).then(
    () => true,
    () => false,
  )
  if (!isThere) {
    await runContained(['debootstrap', ...planDebootstrap(tree, sources)], {}, limits)
    return
  }
  const acquire = join(folder, '.apt', 'acquire.conf')
  await writeFile(acquire, await readAcquireSettings(), { mode: 0o600 })
  const { sources: file } = aptFolders(folder)
  const args = planMmdebstrap(tree, sources, packages, { acquire, sources: file })
  await runContained(['mmdebstrap', ...args], {}, limits)
}
/** Pure: arguments of mmdebstrap(1). The hook makes a merged /usr without the perl that Debian 12 would install for it. */
export function planMmdebstrap(
  tree: string,
  sources: DebianSources,
  packages: string[],
  files: { acquire: string; sources: string },
): string[] {
  return [
    '--mode=root',
    '--variant=essential',
    '--format=directory',
    `--architectures=${sources.architecture}`,
    `--include=${packages.join(',')}`,
    `--hook-dir=${MERGED_USR}`,
    `--aptopt=${files.acquire}`,
    '--aptopt=APT::Install-Recommends "false"',
    '--dpkgopt=force-unsafe-io',
    ...LEFT_OUT.map((option) => `--dpkgopt=${option}`),
    sources.suite,
    tree,
    files.sources,
  ]
}

/** Pure: arguments of debootstrap(8), which takes one archive: apt adds the base packages and the updates afterwards. */
export function planDebootstrap(tree: string, sources: DebianSources): string[] {
  const line = sources.lines.find((text) => text.split(' ').includes(sources.suite)) ?? ''
  const keyring = /signed-by=([^\]\s]+)/.exec(line)?.[1]
  const mirror = line.split(' ').find((word) => word.includes('://')) ?? ''
  return [
    '--variant=minbase',
    `--arch=${sources.architecture}`,
    ...(keyring ? [`--keyring=${keyring}`] : []),
    sources.suite,
    tree,
    mirror,
  ]
}
