import { createHash } from 'node:crypto'
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { AppError } from '../../model/errors.js'
import { Digest } from '../../model/names.js'
import { type Stack, stackName } from '../../model/stack.js'
import { type TemplateManifest, TemplateManifestSchema } from '../../model/template.js'
import { findJson, makeFolderDurably, writeDurably } from '../host/durable-files.js'

/** Start of the names of templates that are being removed. */
export const REMOVING = '.removing-'

const Pointer = z.object({ digest: Digest })

/** Root tree of a template, for the launcher. */
export function templateTree(folder: string, digest: Digest): string {
  return join(folder, digest, 'tree')
}

/** What a template is. AppError `not_found` when there is none of that digest. */
export async function getTemplate(folder: string, digest: Digest): Promise<TemplateManifest> {
  const manifest = await findManifest(folder, digest)
  if (manifest) return manifest
  throw new AppError('not_found', `There is no template ${digest.slice(0, 12)}.`, {
    hint: 'Run "ruche template list" to see those that are built.',
  })
}

function findManifest(folder: string, digest: Digest): Promise<TemplateManifest | undefined> {
  return findJson(join(folder, digest, 'template.json'), TemplateManifestSchema)
}

/** The template that new sites of a stack (with these packages besides) use, or undefined while none is built. */
export async function findTemplate(
  folder: string,
  stack: Stack,
  extra: readonly string[] = [],
): Promise<TemplateManifest | undefined> {
  const pointer = await findJson(pointerPath(folder, { stack, extra }), Pointer)
  return pointer && findManifest(folder, pointer.digest)
}

/** Every template that is built, newest first; `current` when new sites of its stack use it. */
export async function listTemplates(folder: string): Promise<{ manifest: TemplateManifest; current: boolean }[]> {
  const names = await readdir(folder).catch(() => [])
  const found = await Promise.all(
    names.filter((name) => Digest.safeParse(name).success).map((digest) => findManifest(folder, digest)),
  )
  const manifests = found.filter((manifest) => manifest !== undefined)
  manifests.sort((a, b) => (a.builtAt < b.builtAt ? 1 : -1))
  return Promise.all(
    manifests.map(async (manifest) => ({
      manifest,
      current: (await findTemplate(folder, manifest.stack, manifest.extra))?.digest === manifest.digest,
    })),
  )
}

/** Makes a built template the one that new sites of its stack use. */
export async function chooseTemplate(folder: string, manifest: TemplateManifest): Promise<void> {
  await makeFolderDurably(join(folder, 'stacks'), 0o700)
  await writeDurably(pointerPath(folder, manifest), `${JSON.stringify({ digest: manifest.digest })}\n`, 0o600)
}

/** Removes a template that no container uses; the caller knows that. Files that other templates share stay theirs. Absent already: no change. */
export async function removeTemplate(folder: string, digest: Digest): Promise<void> {
  const manifest = await findManifest(folder, digest)
  if (manifest && (await findTemplate(folder, manifest.stack, manifest.extra))?.digest === digest)
    await rm(pointerPath(folder, manifest), { force: true })
  const doomed = join(folder, `${REMOVING}${digest}`)
  await rename(join(folder, digest), doomed).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  await rm(doomed, { recursive: true, force: true })
}

function pointerPath(folder: string, { stack, extra }: { stack: Stack; extra: readonly string[] }): string {
  const set = createHash('sha256').update(extra.join('\n')).digest('hex').slice(0, 16)
  return join(folder, 'stacks', `${stackName(stack)}${extra.length === 0 ? '' : `+${set}`}.json`)
}
