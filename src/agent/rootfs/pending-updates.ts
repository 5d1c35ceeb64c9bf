import { access } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { AppError } from '../../model/errors.js'
import { Digest } from '../../model/names.js'
import type { Note } from '../../model/progress.js'
import { stackName } from '../../model/stack.js'
import type { TemplateManifest } from '../../model/template.js'
import { TemplateUpdates } from '../../model/template-info.js'
import { findJson, writeDurably } from '../host/durable-files.js'
import { tryLockFile } from '../host/file-lock.js'
import { aptFolders, planInstalls, updateLists } from './apt.js'
import { type DebianSources, findDebianRelease, findDebianSources } from './debian-sources.js'
import { digestRecipes } from './digests.js'
import { readRecipes } from './recipe.js'
import { listTemplates, templateTree } from './template-store.js'

const FOUND = '.updates.json'
const Found = z.record(Digest, TemplateUpdates)
type Found = z.infer<typeof Found>

export interface UpdatesLook {
  note: Note
  signal?: AbortSignal
  /** Instead of the host's own Debian. */
  sources?: DebianSources
}

/** What was found the last time, by digest of the template; nothing while nobody looked, or could not. */
export async function findUpdates(folder: string): Promise<Found> {
  return (await findJson(join(folder, FOUND), Found).catch(() => undefined)) ?? {}
}

/**
 * Fetches the package lists and looks for which packages of each template the archive has newer ones (apt-get(8) -s on the template's own list of
 * packages: nothing is changed, nothing of it is run). AppError `host_failed` without a way to the archive; then nothing is known any more.
 */
export async function lookForUpdates(folder: string, recipesFolder: string, look: UpdatesLook): Promise<void> {
  try {
    await keep(folder, await lookAtAll(folder, recipesFolder, look))
  } catch (error) {
    await keep(folder, {})
    throw error
  }
}

async function lookAtAll(folder: string, recipesFolder: string, look: UpdatesLook): Promise<Found> {
  const { note, signal } = look
  const templates = await listTemplates(folder)
  if (templates.length === 0) return {}
  const sources = look.sources ?? (await findDebianSources(await findDebianRelease()))
  note({ step: 'lists' })
  await freshenLists(folder, sources, signal)
  const checkedAt = new Date().toISOString()
  const found: Found = {}
  for (const [index, { manifest }] of templates.entries()) {
    signal?.throwIfAborted()
    const percent = Math.round((100 * index) / templates.length)
    note({ step: 'compare', message: stackName(manifest.stack), percent })
    found[manifest.digest] = { checkedAt, ...(await lookAtOne(folder, recipesFolder, manifest, sources)) }
  }
  return found
}

/** A build that is under way has fetched them itself, a moment ago. */
async function freshenLists(folder: string, sources: DebianSources, signal: AbortSignal | undefined): Promise<void> {
  const lock = await tryLockFile(join(folder, '.lock'))
  if (!lock) return checkLists(folder)
  try {
    await updateLists(folder, sources, { onLine: () => undefined, ...(signal && { signal }) })
  } finally {
    await lock.unlock()
  }
}

async function checkLists(folder: string): Promise<void> {
  await access(aptFolders(folder).sources).catch((cause: unknown) => {
    throw new AppError('busy', 'A template is being built: look again when that has ended.', { cause })
  })
}

async function lookAtOne(
  folder: string,
  recipesFolder: string,
  { digest, stack, extra, recipes }: TemplateManifest,
  sources: DebianSources,
): Promise<Omit<TemplateUpdates, 'checkedAt'>> {
  const installs = await planInstalls(folder, templateTree(folder, digest), sources, [], 'look.conf')
  const packages = installs.flatMap(({ name, from, to, security }) =>
    from === undefined ? [] : [{ name, from, to, security }],
  )
  // A recipe that is gone says nothing about the template that was made of it.
  const now = await readRecipes(recipesFolder, stack).then(
    (loaded) => digestRecipes(loaded, sources.suite, sources.architecture, extra),
    () => recipes,
  )
  return { packages, recipesChanged: now !== recipes }
}

function keep(folder: string, found: Found): Promise<void> {
  return writeDurably(join(folder, FOUND), `${JSON.stringify(found)}\n`, 0o600)
}
