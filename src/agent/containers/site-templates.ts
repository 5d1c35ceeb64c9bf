import { access } from 'node:fs/promises'
import { AppError } from '../../model/errors.js'
import type { Stack } from '../../model/stack.js'
import type { TemplateManifest } from '../../model/template.js'
import { findTemplate, getTemplate, templateTree } from '../rootfs/template-store.js'

/** A built template as containers use it. */
export interface SiteTemplate {
  manifest: TemplateManifest
  tree: string
}

/** The built templates, for containers. */
export interface SiteTemplates {
  /** AppError `not_found`. A template never changes: what was read once is kept, its tree is looked for each time. */
  get(digest: string): Promise<SiteTemplate>
  /** The one that new containers of a stack get. AppError `not_found` while none is built. */
  getCurrent(stack: Stack): Promise<SiteTemplate>
}

export function openSiteTemplates(folder: string): SiteTemplates {
  const known = new Map<string, TemplateManifest>()
  const get = async (digest: string): Promise<SiteTemplate> => {
    const manifest = known.get(digest) ?? (await getTemplate(folder, digest))
    const tree = templateTree(folder, digest)
    await access(tree).catch((cause: unknown) => {
      throw new AppError('not_found', `The tree of the template ${digest.slice(0, 12)} is not there.`, { cause })
    })
    known.set(digest, manifest)
    return { manifest, tree }
  }
  return {
    get,
    async getCurrent(stack) {
      const manifest = await findTemplate(folder, stack)
      if (manifest) return get(manifest.digest)
      const name = [stack.server, stack.language, stack.database].join('-')
      throw new AppError('not_found', `No template of ${name} was built yet.`, {
        hint: `Build it first: ruche template build ${name}`,
      })
    },
  }
}
