import { AppError } from '../../model/errors.js'
import type { RecipeKind } from '../../model/recipe.js'
import { type Stack, stackName } from '../../model/stack.js'
import type { TemplateManifest } from '../../model/template.js'
import type { StackChoices, TemplateInfo } from '../../model/template-info.js'
import { buildTemplate } from '../rootfs/build-template.js'
import { listRecipes } from '../rootfs/recipe.js'
import { listTemplates, removeTemplate } from '../rootfs/template-store.js'
import type { Caller } from './caller.js'
import { type Hive, tell } from './hive.js'

/** Every built template with the number of its containers, newest first. */
export async function listTemplateInfos(hive: Hive): Promise<TemplateInfo[]> {
  const templates = await listTemplates(hive.settings.templatesFolder)
  return templates.map(({ manifest, current }) => toInfo(hive, manifest, current))
}

/** What a stack can be made of, and which stacks are built. */
export async function listChoices(hive: Hive): Promise<StackChoices> {
  const kind = (name: RecipeKind) => listRecipes(hive.settings.recipesFolder, name)
  const [servers, languages, databases, templates] = await Promise.all([
    kind('server'),
    kind('language'),
    kind('database'),
    listTemplates(hive.settings.templatesFolder),
  ])
  const built = templates.filter(({ current }) => current).map(({ manifest }) => stackName(manifest.stack))
  return { servers, languages, databases, built: [...new Set(built)].sort() }
}

/** Minutes; a caller that hangs up cancels it. */
export async function buildStackTemplate(
  hive: Hive,
  stack: Stack,
  force: boolean,
  caller: Caller,
): Promise<TemplateInfo> {
  const { templatesFolder, recipesFolder } = hive.settings
  const options = { force, signal: caller.hungUp }
  const manifest = await buildTemplate(templatesFolder, recipesFolder, stack, caller.note, options)
  tell(hive, { type: 'templates' })
  return toInfo(hive, manifest, true)
}

/** AppError `conflict` while a container uses it. Absent already: no change. */
export async function removeUnusedTemplate(hive: Hive, digest: string): Promise<void> {
  const users = usersOf(hive, digest)
  if (users.length > 0)
    throw new AppError(
      'conflict',
      `The template is in use by ${users.slice(0, 3).join(', ')}${users.length > 3 ? '…' : ''}.`,
    )
  await removeTemplate(hive.settings.templatesFolder, digest)
  tell(hive, { type: 'templates' })
}

function usersOf(hive: Hive, digest: string): string[] {
  return [...hive.containers.values()].filter(({ record }) => record.template === digest).map(({ id }) => id)
}

function toInfo(hive: Hive, manifest: TemplateManifest, current: boolean): TemplateInfo {
  const { digest, stack, suite, builtAt, sizeBytes, packages } = manifest
  return {
    digest,
    stack,
    current,
    suite,
    builtAt,
    sizeBytes,
    packages: packages.length,
    containers: usersOf(hive, digest).length,
  }
}
