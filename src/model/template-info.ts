import * as z from 'zod'
import { Digest } from './names.js'
import { Stack } from './stack.js'

/** A built template as lists show it. */
export const TemplateInfo = z
  .object({
    digest: Digest,
    stack: Stack,
    /** Whether new sites of this stack use it. */
    current: z.boolean(),
    suite: z.string(),
    builtAt: z.string(),
    sizeBytes: z.number(),
    packages: z.number(),
    /** Containers that use it. */
    containers: z.number(),
  })
  .meta({ id: 'TemplateInfo' })
export type TemplateInfo = z.infer<typeof TemplateInfo>

/** One thing to choose at creation; `summary` is a short English line, the pages translate by name. */
export const Choice = z.object({ name: z.string(), summary: z.string() })
/** What a stack can be made of, read from the recipes. `built` lists the stacks whose template is there already. */
export const StackChoices = z
  .object({
    servers: z.array(Choice),
    languages: z.array(Choice),
    databases: z.array(Choice),
    built: z.array(z.string()),
  })
  .meta({ id: 'StackChoices' })
export type StackChoices = z.infer<typeof StackChoices>
