import { createHash } from 'node:crypto'
import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../host/run.js'
import { aptFolders, LEFT_OUT, readAcquireSettings } from './apt.js'
import type { BuildOptions } from './build-options.js'
import type { DebianSources } from './debian-sources.js'

const BASES = '.bases'
const MMDEBSTRAP = '/usr/bin/mmdebstrap'
const MERGED_USR = '/usr/share/mmdebstrap/hooks/maybe-merged-usr'
const BUILD_LIMIT_MS = 1_800_000

/**
 * Puts Debian's essential packages and the base recipe's into a new folder: a copy of what an earlier build kept, or made by mmdebstrap(1), or by
 * debootstrap(8) where that is missing. What was kept may be old: the caller brings it up to date. The package lists must be there.
 */
export async function makeBaseTree(
  folder: string,
  tree: string,
  sources: DebianSources,
  packages: string[],
  options: BuildOptions,
): Promise<void> {
  const key = createHash('sha256')
    .update([sources.suite, sources.architecture, ...LEFT_OUT, ...packages].join('\n'))
    .digest('hex')
  const kept = join(folder, BASES, key)
  if (!(await exists(kept))) {
    const fresh = `${tree}.base`
    await bootstrap(folder, fresh, sources, packages, options)
    await mkdir(join(folder, BASES), { recursive: true, mode: 0o700 })
    // Bases of other recipes or releases are of no more use.
    for (const old of await readdir(join(folder, BASES))) await rm(join(folder, BASES, old), { recursive: true })
    await rename(fresh, kept)
  }
  await run('cp', ['--archive', '--reflink=auto', '--', kept, tree], { ...options, timeoutMs: BUILD_LIMIT_MS })
}

async function bootstrap(
  folder: string,
  tree: string,
  sources: DebianSources,
  packages: string[],
  options: BuildOptions,
): Promise<void> {
  const limits = { ...options, timeoutMs: BUILD_LIMIT_MS }
  if (!(await exists(MMDEBSTRAP))) {
    await run('debootstrap', planDebootstrap(tree, sources), limits)
    return
  }
  const acquire = join(folder, '.apt', 'acquire.conf')
  await writeFile(acquire, await readAcquireSettings(), { mode: 0o600 })
  const { sources: file } = aptFolders(folder)
  await run('mmdebstrap', planMmdebstrap(tree, sources, packages, { acquire, sources: file }), limits)
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

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
