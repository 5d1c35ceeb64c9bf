import * as z from 'zod'
import { DebianPackage } from './debian-package.js'
import { Digest } from './names.js'
import { DataBind, Readiness, RecipeService } from './recipe.js'
import { Stack } from './stack.js'

/** A service as a template has it. */
export const TemplateService = RecipeService.extend({
  /** The recipe that brings it (`language/php`); templates of before did not say. */
  recipe: z.string().optional(),
})
export type TemplateService = z.infer<typeof TemplateService>

/** `template.json`: what a built template is and how its containers are run. */
export const TemplateManifestSchema = z.object({
  digest: Digest,
  stack: Stack,
  /** Debian's code name. */
  suite: z.string(),
  architecture: z.string(),
  /** ISO 8601. */
  builtAt: z.string(),
  /** Digest of the recipes alone: another one means that the recipes have changed since. */
  recipes: Digest,
  /** Packages that sites asked for besides those of the stack. */
  extra: z.array(DebianPackage).default([]),
  packages: z.array(z.object({ name: z.string(), version: z.string() })),
  data: z.array(DataBind),
  /** In stop order. */
  services: z.array(TemplateService),
  /** Answered by the owner's program; templates of before had none. */
  awaits: z.array(Readiness).default([]),
  /** Of the tree by itself, files shared with other templates included. */
  sizeBytes: z.number(),
})
export type TemplateManifest = z.infer<typeof TemplateManifestSchema>
