import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../host/run.js'
import { findInstalls, type Install } from './apt-plan.js'
import type { BuildOptions } from './build-options.js'
import { runContained } from './contained.js'
import type { DebianSources } from './debian-sources.js'

/** Left out of every tree: documentation, manuals, translations. Licences stay. */
export const LEFT_OUT = [
  'path-exclude=/usr/share/doc/*',
  'path-include=/usr/share/doc/*/copyright',
  'path-exclude=/usr/share/man/*',
  'path-exclude=/usr/share/info/*',
  'path-exclude=/usr/share/locale/*',
  'path-exclude=/usr/share/lintian/*',
  'path-exclude=/usr/share/bug/*',
]

const INSTALL_LIMIT_MS = 1_200_000
const STATE = '.apt'

/** The host's own ways to the archive (proxy, limits), which a tree's apt must use too: apt.conf(5) text. */
export async function readAcquireSettings(): Promise<string> {
  const { stdout } = await run('apt-config', ['dump', '--format', '%f "%v";%n', 'Acquire'])
  return stdout
}

/** Package lists and downloaded packages, kept between builds below the templates' folder. */
export function aptFolders(folder: string): { lists: string; archives: string; sources: string } {
  const state = join(folder, STATE)
  return { lists: join(state, 'lists'), archives: join(state, 'archives'), sources: join(state, 'sources.list') }
}

/** Fetches the package lists. AppError `host_failed` without a way to the archive. */
export async function updateLists(folder: string, sources: DebianSources, options: BuildOptions): Promise<void> {
  const { lists, archives, sources: file } = aptFolders(folder)
  for (const path of [lists, archives]) await mkdir(join(path, 'partial'), { recursive: true, mode: 0o700 })
  await writeFile(file, renderSourcesList(sources), { mode: 0o600 })
  const config = await writeConfig(folder, '/nonexistent', sources)
  const env = { APT_CONFIG: config }
  // Without this option apt calls it a success when it could not fetch anything.
  const argv = ['apt-get', 'update', '-q', '-o', 'APT::Update::Error-Mode=any']
  await runContained(argv, {}, { ...options, env, timeoutMs: 300_000 })
}

/** Pure: sources.list(5). What lies in a folder of this machine is fetched like the rest (apt-transport copy): all that comes in is looked at where it was fetched to. */
export function renderSourcesList({ lines }: Pick<DebianSources, 'lines'>): string {
  return lines.map((line) => `${line.replace(/(^deb (?:\[[^\]]*\] )?)file:/, '$1copy:')}\n`).join('')
}

/** What bringing a tree up to date and adding these packages would install, by the lists as they are (apt-get(8) -s). */
export async function planInstalls(
  folder: string,
  tree: string,
  sources: DebianSources,
  packages: readonly string[],
  configName = 'plan.conf',
): Promise<Install[]> {
  const env = { APT_CONFIG: await writeConfig(folder, tree, sources, configName) }
  const argv = ['-s', 'dist-upgrade', '-q', '--no-install-recommends', ...packages]
  return findInstalls((await run('apt-get', argv, { env, timeoutMs: 300_000 })).stdout)
}

/** Brings a tree's packages up to date and adds others, with the host's apt and dpkg (dpkg(1) --root). `judge` may refuse what was fetched. */
export async function installPackages(
  folder: string,
  tree: string,
  sources: DebianSources,
  packages: string[],
  options: BuildOptions,
  judge: () => Promise<void> = async () => undefined,
): Promise<void> {
  const env = { APT_CONFIG: await writeConfig(folder, tree, sources), DEBIAN_FRONTEND: 'noninteractive' }
  const argv = ['apt-get', 'dist-upgrade', '-y', '-q', '--no-install-recommends', ...packages]
  const limits = { ...options, env, timeoutMs: INSTALL_LIMIT_MS }
  await runContained([...argv, '--download-only'], {}, limits)
  await judge()
  await runContained(argv, { tree }, limits)
  // Packages that the archive has replaced since.
  await runContained(['apt-get', 'autoclean', '-q'], {}, limits)
}

/** The whole of apt's configuration for one tree: nothing of the host's but its ways to the archive. Returns the file's path. */
async function writeConfig(folder: string, tree: string, sources: DebianSources, name = 'apt.conf'): Promise<string> {
  const path = join(folder, STATE, name)
  await writeFile(path, renderAptConfig(folder, tree, sources, await readAcquireSettings()), { mode: 0o600 })
  return path
}

/** Pure: apt.conf(5) for a tree. */
export function renderAptConfig(folder: string, tree: string, sources: DebianSources, acquire: string): string {
  const { lists, archives, sources: file } = aptFolders(folder)
  const settings: [string, string][] = [
    ['Dir::Etc::Main', '/dev/null'],
    ['Dir::Etc::Parts', '/dev/null'],
    ['Dir::Etc::SourceList', file],
    ['Dir::Etc::SourceParts', '/dev/null'],
    ['Dir::Etc::Preferences', '/dev/null'],
    ['Dir::Etc::PreferencesParts', '/dev/null'],
    ['Dir::Etc::TrustedParts', '/etc/apt/trusted.gpg.d'],
    ['Dir::State::Lists', lists],
    ['Dir::State::Status', join(tree, 'var/lib/dpkg/status')],
    ['Dir::State::Extended_States', join(tree, 'var/lib/apt/extended_states')],
    ['Dir::Cache::Archives', archives],
    ['Dir::Cache::PkgCache', ''],
    ['Dir::Cache::SrcPkgCache', ''],
    ['Dir::Log', '/dev/null'],
    ['APT::Architecture', sources.architecture],
    ['APT::Architectures', sources.architecture],
    ['APT::Install-Recommends', 'false'],
    ['APT::Sandbox::User', 'root'],
    ['Acquire::Languages', 'none'],
    ['Acquire::Retries', '3'],
    ['DPkg::Use-Pty', 'false'],
  ]
  const dpkg = [`root=${tree}`, 'force-unsafe-io', 'force-confnew', 'log=/dev/null', ...LEFT_OUT]
  return [
    acquire.trimEnd(),
    ...settings.map(([name, value]) => `${name} "${value}";`),
    ...dpkg.map((option) => `DPkg::Options:: "--${option}";`),
    '',
  ].join('\n')
}
