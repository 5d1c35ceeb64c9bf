import * as z from 'zod'
import { Digest } from '../names.js'
import { Stack } from '../stack.js'
import { TemplateInfo } from '../template-info.js'
import { nothing, Started, table } from './entry.js'

/** Templates of stacks. */
export const templatesApi = table({
  /** Built templates. */
  listTemplates: {
    method: 'GET',
    path: '/api/templates',
    access: 'administrator',
    result: z.object({ templates: z.array(TemplateInfo) }),
  },
  /** Builds a stack's template; minutes. */
  buildTemplate: {
    method: 'POST',
    path: '/api/templates',
    access: 'administrator',
    body: z.object({ stack: Stack, force: z.boolean().optional() }).strict(),
    result: Started,
  },
  /** Looks what the archive has newer than each template. */
  checkTemplates: {
    method: 'POST',
    path: '/api/templates/check',
    access: 'administrator',
    result: Started,
  },
  /** Looks, then builds again in the background each template that is behind; with `missing`, also those of stacks that have none. */
  updateTemplates: {
    method: 'POST',
    path: '/api/templates/update',
    access: 'administrator',
    body: z.object({ missing: z.boolean().optional() }).strict(),
    result: Started,
  },
  /** Moves the running sites (of a stack) to their newest template by a rolling restart: a copy first, then one after the other, back when worse. */
  rollOutTemplates: {
    method: 'POST',
    path: '/api/templates/rollout',
    access: 'administrator',
    body: z.object({ stack: Stack.optional() }).strict(),
    result: Started,
  },
  /** `conflict` while a site uses it. */
  removeTemplate: {
    method: 'DELETE',
    path: '/api/templates/:digest',
    access: 'administrator',
    params: z.object({ digest: Digest }),
    result: nothing,
  },
})
