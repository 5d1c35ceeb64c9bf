import type { CallParams } from '../../model/calls.js'
import { AppError } from '../../model/errors.js'
import type { RecipeKind } from '../../model/recipe.js'
import { stackName } from '../../model/stack.js'
import type { TemplateManifest } from '../../model/template.js'
import type { StackChoices, TemplateInfo, TemplateUpdates } from '../../model/template-info.js'
import { buildTemplate } from '../rootfs/build-template.js'
import { type DebianSources, findDebianRelease } from '../rootfs/debian-sources.js'
import { findUpdates, lookForUpdates } from '../rootfs/pending-updates.js'
import { listRecipes } from '../rootfs/recipe.js'
import { listTemplates, removeTemplate } from '../rootfs/template-store.js'
import { findOtherUsers } from '../rootfs/template-users.js'
import type { Caller } from './caller.js'
import { type Container, type Hive, tell } from './hive.js'

/** Every built template with the number of its containers, newest first. */
export async function listTemplateInfos(hive: Hive): Promise<TemplateInfo[]> {
  const { templatesFolder } = hive.settings
  const [templates, updates] = await Promise.all([listTemplates(templatesFolder), findUpdates(templatesFolder)])
  return templates.map(({ manifest, current }) => toInfo(hive, manifest, current, updates[manifest.digest]))
}

/** Looks what the archive has newer; seconds to a minute. */
export async function checkTemplates(hive: Hive, { note, hungUp }: Caller): Promise<TemplateInfo[]> {
  const { templatesFolder, recipesFolder } = hive.settings
  const sources = await findSources(hive)
  const look = { note, signal: hungUp, ...(sources && { sources }) }
  await lookForUpdates(templatesFolder, recipesFolder, look).finally(() => tell(hive, { type: 'templates' }))
  return listTemplateInfos(hive)
}

/** The archives that the administrator named; undefined: the host's own. */
async function findSources({ settings }: Hive): Promise<DebianSources | undefined> {
  return settings.templateSources && { ...(await findDebianRelease()), lines: settings.templateSources }
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
  const plain = templates.filter(({ current, manifest }) => current && manifest.extra.length === 0)
  const built = plain.map(({ manifest }) => stackName(manifest.stack))
  return { servers, languages, databases, built: [...new Set(built)].sort() }
}

/** Minutes; a caller that hangs up cancels it. */
export async function buildStackTemplate(
  hive: Hive,
  { stack, extra, force, behind }: CallParams<'template.build'>,
  caller: Caller,
): Promise<TemplateInfo> {
  const { templatesFolder, recipesFolder } = hive.settings
  const sources = await findSources(hive)
  const options = {
    signal: caller.hungUp,
    ...(force && { force }),
    ...(extra && { extra }),
    ...(behind && { isBehind: true }),
    ...(sources && { sources }),
  }
  const manifest = await buildTemplate(templatesFolder, recipesFolder, stack, caller.note, options)
  tell(hive, { type: 'templates' })
  return toInfo(hive, manifest, true)
}

/** AppError `conflict` while a container uses it, here or on another platform that shares the folder. Absent already: no change. */
export async function removeUnusedTemplate(hive: Hive, digest: string): Promise<void> {
  const { templatesFolder, stateFolder } = hive.settings
  const users = [...usersOf(hive, digest), ...(await findOtherUsers(templatesFolder, digest, stateFolder))]
  if (users.length > 0)
    throw new AppError(
      'conflict',
      `The template is in use by ${users.slice(0, 3).join(', ')}${users.length > 3 ? '…' : ''}.`,
    )
  await removeTemplate(hive.settings.templatesFolder, digest)
  tell(hive, { type: 'templates' })
}

function usersOf(hive: Hive, digest: string): string[] {
  // One that runs may still be on the template before the one that its record names.
  const uses = ({ record, life }: Container) => record.template === digest || life?.template === digest
  return [...hive.containers.values()].filter(uses).map(({ id }) => id)
}

function toInfo(hive: Hive, manifest: TemplateManifest, current: boolean, updates?: TemplateUpdates): TemplateInfo {
  const { digest, stack, extra, suite, builtAt, sizeBytes, packages } = manifest
  return {
    digest,
    stack,
    extra,
    current,
    suite,
    builtAt,
    sizeBytes,
    packages: packages.length,
    containers: usersOf(hive, digest).length,
    ...(updates && { updates }),
  }
}
