import * as z from 'zod'
import { Digest } from './names.js'
import { DatabaseAccess, findMisfit, OnlyWith, Stack } from './stack.js'

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
export const Choice = z.object({
  name: z.string(),
  summary: z.string(),
  onlyWith: OnlyWith,
  access: DatabaseAccess.optional(),
})
export type Choice = z.infer<typeof Choice>
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

/** Every stack that these choices can make and that makes sense, in the order of their names. */
export function planStacks({ servers, languages, databases }: Omit<StackChoices, 'built'>): Stack[] {
  return servers.flatMap((server) =>
    languages.flatMap((language) =>
      databases
        .map((database) => ({ server: server.name, language: language.name, database: database.name }))
        .filter((stack) => !findChoiceMisfit({ servers, languages, databases }, stack)),
    ),
  )
}

/** `findMisfit` of a stack, by what the choices say. */
export function findChoiceMisfit(choices: Omit<StackChoices, 'built'>, stack: Stack): ReturnType<typeof findMisfit> {
  const rule = (list: Choice[], name: string) => list.find((choice) => choice.name === name)?.onlyWith ?? {}
  return findMisfit(stack, {
    server: rule(choices.servers, stack.server),
    language: rule(choices.languages, stack.language),
    database: rule(choices.databases, stack.database),
  })
}
