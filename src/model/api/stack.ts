import * as z from 'zod'
import { ExtraPackages } from '../debian-package.js'
import { Site } from '../site.js'
import { ModelFor } from '../site-model.js'
import { Stack } from '../stack.js'
import { ofSite, Started, table } from './entry.js'

/** What a site is made of, after its creation. */
export const stackApi = table({
  /** The whole list of Debian packages besides those of the stack, from the archive; minutes while nobody has the same ones yet, then a restart. `invalid` or `not_found` (in the operation) names the package and says why. */
  setPackages: {
    method: 'PUT',
    path: '/api/sites/:name/packages',
    access: 'site.manage',
    params: ofSite,
    body: z.object({ packages: ExtraPackages }).strict(),
    result: Started,
  },
  /** Another stack, with the same files; a backup first, whose id is the operation's. `conflict` when it has that stack already. */
  changeStack: {
    method: 'PUT',
    path: '/api/sites/:name/stack',
    access: 'site.manage',
    params: ofSite,
    body: Stack,
    result: Started,
  },
  /** Back to the stack before the last change, with what the site held then; a backup first. `conflict` when there was none, `not_found` when that backup is gone. */
  undoStack: {
    method: 'POST',
    path: '/api/sites/:name/stack/undo',
    access: 'site.manage',
    params: ofSite,
    result: Started,
  },
  /** Makes the site a model of new sites for its owner, or for everybody who may create sites, who then get what is in it; or none any more. */
  setModel: {
    method: 'PUT',
    path: '/api/sites/:name/model',
    access: 'site.share',
    params: ofSite,
    body: z.object({ modelFor: ModelFor }).strict(),
    result: Site,
  },
})
