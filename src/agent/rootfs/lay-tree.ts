import { chmod, chown, lstat, mkdir, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../model/errors.js'
import { RECIPE_KINDS, type RecipeKind } from '../../model/recipe.js'
import { run } from '../host/run.js'
import type { BuildOptions } from './build-options.js'
import { runContained } from './contained.js'
import { BUILD_SCRIPTS, laidFiles, type TemplatePlan } from './plan-template.js'

/** Lays the files of a plan's recipes into a tree in which no one but us has written yet, all of them root's. */
export async function layFiles(tree: string, plan: TemplatePlan): Promise<void> {
  for (const recipe of plan.recipes)
    for (const [path, file] of laidFiles(recipe)) await layFile(tree, path, file.content, file.mode)
  for (const [path, text] of Object.entries(plan.written)) await layFile(tree, path, text, 0o644)
}

async function layFile(tree: string, place: string, content: Buffer | string, mode: number): Promise<void> {
  const path = join(tree, place)
  await mkdir(dirname(path), { recursive: true, mode: 0o755 })
  // A link such as /var/run → /run would lead out of the tree, to the host's own.
  if (!`${await realpath(dirname(path))}/`.startsWith(`${await realpath(tree)}/`))
    throw new AppError('invalid', `A recipe lays ${place} behind a link that leads out of the template.`)
  // A package's own file may have another owner or be a link: it is replaced, not written through.
  await rm(path, { force: true })
  await writeFile(path, content, { mode })
  await chmod(path, mode)
  await chown(path, 0, 0)
}

/** Runs the recipes' build scripts inside the tree (chroot(8)), in the order of kinds, then removes them. `onScript`: whose runs now. */
export async function runBuildScripts(
  tree: string,
  options: BuildOptions,
  onScript: (kind: RecipeKind | undefined) => void = () => undefined,
): Promise<void> {
  const folder = join(tree, BUILD_SCRIPTS)
  const scripts = await readdir(folder).catch(() => [] as string[])
  const limits = { ...options, env: { HOME: '/root' }, timeoutMs: 600_000 }
  for (const kind of RECIPE_KINDS.filter((one) => scripts.includes(one))) {
    onScript(kind)
    await runContained(['chroot', tree, `${BUILD_SCRIPTS}/${kind}`], { tree }, limits)
  }
  onScript(undefined)
  await rm(folder, { recursive: true, force: true })
}

const EMPTIED = [
  'var/log',
  'var/cache',
  'var/lib/apt',
  'var/tmp',
  'tmp',
  'run',
  'usr/share/man',
  'usr/share/locale',
  'dev',
]
const REMOVED = ['etc/machine-id', 'etc/apt', 'usr/sbin/policy-rc.d', 'root/.cache', 'var/lib/dpkg/status-old']

/** Takes out of a tree what is not for sites: caches, logs, identities, devices, set-user-id bits. */
export async function cleanTree(tree: string, options: BuildOptions): Promise<void> {
  for (const path of REMOVED) await rm(join(tree, path), { recursive: true, force: true })
  for (const path of EMPTIED) await emptyFolder(join(tree, path))
  const ssh = join(tree, 'etc/ssh')
  for (const name of await readdir(ssh).catch(() => [] as string[]))
    if (name.startsWith('ssh_host_')) await rm(join(ssh, name))
  await run('find', [tree, '-xdev', '-type', 'f', '-perm', '/6000', '-exec', 'chmod', 'ug-s', '--', '{}', '+'], {
    ...options,
    timeoutMs: 600_000,
  })
}

async function emptyFolder(path: string): Promise<void> {
  const folder = await lstat(path).catch(() => undefined)
  if (!folder?.isDirectory()) return
  for (const name of await readdir(path)) await rm(join(path, name), { recursive: true, force: true })
}
