import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../model/errors.js'
import type { Note } from '../../model/progress.js'
import type { RecipeKind } from '../../model/recipe.js'
import { type Stack, stackName } from '../../model/stack.js'
import type { TemplateManifest } from '../../model/template.js'
import { renameDurably, writeDurably } from '../host/durable-files.js'
import { lockFile } from '../host/file-lock.js'
import { run } from '../host/run.js'
import { updateLists } from './apt.js'
import { describeFailure, keepLastLines, type LastLines } from './build-failure.js'
import type { BuildOptions } from './build-options.js'
import { type DebianSources, findDebianRelease, findDebianSources } from './debian-sources.js'
import { digestRecipes, digestTemplate } from './digests.js'
import { checkThere } from './extra-packages.js'
import { trackInstall } from './install-progress.js'
import { forgetOldTrees } from './kept-trees.js'
import { cleanTree, layFiles, runBuildScripts } from './lay-tree.js'
import { makePackageTree } from './package-tree.js'
import { planTemplate, type TemplatePlan } from './plan-template.js'
import { readRecipes } from './recipe.js'
import { shareFiles } from './share-files.js'
import { chooseTemplate, findTemplate, listTemplates, REMOVING, templateTree } from './template-store.js'

const BUILDING = '.building-'

export interface TemplateBuildOptions {
  /** Builds even when a template of the same recipes is there: for newer packages. */
  force?: boolean
  /** Packages besides those of the stack. */
  extra?: readonly string[]
  /** Nobody waits for it: everything else on the machine goes first. */
  isBehind?: boolean
  signal?: AbortSignal
  /** Instead of the host's own Debian. */
  sources?: DebianSources
}

/**
 * Builds the template of a stack from Debian's packages (minutes) and makes it the one that new sites use; what is there already and made of the same
 * recipes is returned at once. One build at a time per folder: another waits. AppError `not_found` or `invalid` (recipes), `host_failed` with the
 * tool's reason, `timed_out`; a failed build leaves nothing.
 */
export async function buildTemplate(
  folder: string,
  recipesFolder: string,
  stack: Stack,
  note: Note,
  options: TemplateBuildOptions = {},
): Promise<TemplateManifest> {
  const extra = options.extra ?? []
  const plan = planTemplate(await readRecipes(recipesFolder, stack), extra)
  const release = options.sources ?? (await findDebianRelease())
  const recipes = digestRecipes(plan.recipes, release.suite, release.architecture, extra)
  const findSame = async () => {
    const found = await findTemplate(folder, stack, extra)
    return found?.recipes === recipes && !options.force ? found : undefined
  }
  const same = await findSame()
  if (same) return same
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  const onWait = () => note({ step: 'wait', message: 'another template is being built' })
  const lock = await lockFile(join(folder, '.lock'), onWait, options.signal)
  try {
    const builtMeanwhile = await findSame()
    if (builtMeanwhile) return builtMeanwhile
    const sources = options.sources ?? (await findDebianSources(release))
    return await buildLocked({ folder, stack, extra, plan, recipes, sources, note, options })
  } finally {
    await lock.unlock()
  }
}

interface Build {
  folder: string
  stack: Stack
  extra: readonly string[]
  plan: TemplatePlan
  /** Digest of the recipes. */
  recipes: string
  sources: DebianSources
  note: Note
  options: TemplateBuildOptions
  /** The kind of recipe whose own script runs now. */
  script?: RecipeKind | undefined
}

async function buildLocked(build: Build): Promise<TemplateManifest> {
  const { folder, stack } = build
  await removeLeftovers(folder)
  await forgetOldTrees(folder)
  const building = join(folder, `${BUILDING}${randomBytes(6).toString('hex')}`)
  await mkdir(building, { mode: 0o700 })
  const lines = keepLastLines()
  try {
    const manifest = await makeTemplate(build, building, lines)
    await chooseTemplate(folder, manifest)
    build.note({ step: 'done', message: `${stackName(stack)}: ${manifest.digest.slice(0, 12)}`, percent: 100 })
    return manifest
  } catch (error) {
    if (build.options.signal?.aborted) throw new AppError('host_failed', `Building ${stackName(stack)} was cancelled.`)
    const about = { recipes: build.plan.recipes, script: build.script }
    throw describeFailure(`The template ${stackName(stack)}`, error, lines.all(), about)
  } finally {
    await rm(building, { recursive: true, force: true, maxRetries: 10 })
  }
}

/** The build as it happens: base, packages, files, the recipes' own scripts, cleaning, its place among the templates. */
async function makeTemplate(build: Build, building: string, lines: LastLines): Promise<TemplateManifest> {
  const { folder, plan, extra, sources, note } = build
  const { signal, isBehind } = build.options
  const tree = join(building, 'tree')
  const step = (name: string, progress: (line: string) => number | undefined = () => undefined): BuildOptions => {
    note({ step: name })
    lines.forget()
    const onLine = (line: string): void => {
      lines.add(line)
      if (/^(I: |Unpacking |Setting up )/.test(line))
        note({ step: name, message: line.slice(0, 200), percent: progress(line) })
      else progress(line)
    }
    return { onLine, ...(signal && { signal }), ...(isBehind && { isBehind }) }
  }
  await updateLists(folder, sources, step('lists'))
  const place = { folder, tree, sources, extra }
  const kept = await makePackageTree(place, plan.stages, step('packages', trackInstall()))
  await layFiles(tree, plan)
  await runBuildScripts(tree, step('build'), (kind) => (build.script = kind))
  await cleanTree(tree, step('clean'))
  const packages = await listPackages(tree)
  checkThere(extra, packages)
  const manifest = await settle(build, building, packages, step('keep'))
  for (const path of kept) await shareFiles(path, [templateTree(folder, manifest.digest)])
  return manifest
}

async function settle(
  build: Build,
  building: string,
  packages: TemplateManifest['packages'],
  options: BuildOptions,
): Promise<TemplateManifest> {
  const { folder, stack, extra, plan, recipes, sources } = build
  const templates = await listTemplates(folder)
  const digest = digestTemplate(recipes, packages)
  const same = templates.find(({ manifest }) => manifest.digest === digest)
  if (same) return same.manifest
  const others = templates.map(({ manifest }) => templateTree(folder, manifest.digest))
  const manifest: TemplateManifest = {
    digest,
    stack,
    suite: sources.suite,
    architecture: sources.architecture,
    builtAt: new Date().toISOString(),
    recipes,
    extra: [...extra],
    packages,
    data: plan.data,
    services: plan.services,
    awaits: plan.awaits,
    sizeBytes: await shareFiles(join(building, 'tree'), others),
  }
  await writeDurably(join(building, 'template.json'), `${JSON.stringify(manifest, null, 2)}\n`, 0o600)
  // Names must not reach the disk before what they name (sync(1) -f: syncfs(2)).
  await run('sync', ['-f', building], { ...options, timeoutMs: 600_000 })
  await renameDurably(building, join(folder, digest))
  return manifest
}

async function listPackages(tree: string): Promise<TemplateManifest['packages']> {
  const format = `\${Package} \${Version}\n`
  const { stdout } = await run('dpkg-query', [`--admindir=${join(tree, 'var/lib/dpkg')}`, '-W', '-f', format])
  return stdout
    .trimEnd()
    .split('\n')
    .sort()
    .map((line) => {
      const [name = '', version = ''] = line.split(' ')
      return { name, version }
    })
}

/** What a build or a removal that was cut off has left. Only with the lock: nobody else is building. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (name.startsWith(BUILDING) || name.startsWith(REMOVING))
      // What was killed with its builder may need a moment to be gone.
      await rm(join(folder, name), { recursive: true, force: true, maxRetries: 10 })
}
