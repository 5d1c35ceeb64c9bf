import * as z from 'zod'
import { DebianPackage } from './debian-package.js'
import { Digest } from './names.js'
import { DatabaseAccess, findMisfit, OnlyWith, Stack } from './stack.js'

/** A package of a template of which the archive has a newer version. */
export const PendingUpdate = z.object({ name: z.string(), from: z.string(), to: z.string(), security: z.boolean() })
export type PendingUpdate = z.infer<typeof PendingUpdate>

/** What a template lacks, as it was last looked. */
export const TemplateUpdates = z.object({
  checkedAt: z.string(),
  packages: z.array(PendingUpdate),
  /** Whether its recipes are others now. */
  recipesChanged: z.boolean(),
})
export type TemplateUpdates = z.infer<typeof TemplateUpdates>

/** A built template as lists show it. */
export const TemplateInfo = z
  .object({
    digest: Digest,
    stack: Stack,
    /** Packages besides those of the stack. */
    extra: z.array(DebianPackage),
    /** Whether new sites of this stack (and these packages) use it. */
    current: z.boolean(),
    suite: z.string(),
    builtAt: z.string(),
    sizeBytes: z.number(),
    packages: z.number(),
    /** Containers that use it. */
    containers: z.number(),
    /** Absent: not known, because nobody could look yet or the archive did not answer. */
    updates: TemplateUpdates.optional(),
  })
  .meta({ id: 'TemplateInfo' })
export type TemplateInfo = z.infer<typeof TemplateInfo>

/** Whether building it again would make another template; undefined when that is not known. */
export function isBehind({ updates }: Pick<TemplateInfo, 'updates'>): boolean | undefined {
  return updates && (updates.recipesChanged || updates.packages.length > 0)
}

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
