import * as z from 'zod'

/** Name of a recipe of one kind: what is there is data (folders of `templates/`), so no list is written here. */
export const RecipeName = z.string().regex(/^[a-z][a-z0-9]{1,20}$/, 'not the name of a recipe')

/** What a site is made of: web server × language × database. */
export const Stack = z
  .object({ server: RecipeName, language: RecipeName, database: RecipeName })
  .strict()
  .meta({ id: 'Stack' })
export type Stack = z.infer<typeof Stack>

/** Which recipes of other kinds one makes sense with; a kind that is not named: all of them. */
export const OnlyWith = z
  .object({
    server: z.array(RecipeName).optional(),
    language: z.array(RecipeName).optional(),
    database: z.array(RecipeName).optional(),
  })
  .strict()
export type OnlyWith = z.infer<typeof OnlyWith>

/** How a site's code reaches a kind of database: by an account whose password is each site's own, or as a file of the home. */
export const DatabaseAccess = z.union([
  z.object({ host: z.string(), name: z.string(), user: z.string() }).strict(),
  z.object({ path: z.string() }).strict(),
])
export type DatabaseAccess = z.infer<typeof DatabaseAccess>

/** The kinds of recipe among which a stack chooses. */
export const STACK_PARTS = ['server', 'language', 'database'] as const
export type StackPart = (typeof STACK_PARTS)[number]

/** The first part of a stack that another part of it makes no sense with, and what would; undefined when all of it fits together. */
export function findMisfit(
  stack: Stack,
  rules: Partial<Record<StackPart, OnlyWith>>,
): { part: StackPart; because: StackPart; allowed: string[] } | undefined {
  for (const because of STACK_PARTS)
    for (const part of STACK_PARTS) {
      const allowed = rules[because]?.[part]
      if (allowed && !allowed.includes(stack[part])) return { part, because, allowed }
    }
  return undefined
}

/** The stack that the forms and the command line start from. */
export const DEFAULT_STACK: Stack = { server: 'nginx', language: 'php', database: 'none' }

/** One word for a stack, used for files and lists: `nginx-php-mariadb`. */
export function stackName(stack: Stack): string {
  return `${stack.server}-${stack.language}-${stack.database}`
}

/** The stack of a word made by `stackName`, or undefined. */
export function findStack(name: string): Stack | undefined {
  const [server, language, database, ...rest] = name.split('-')
  const result = Stack.safeParse({ server, language, database })
  return rest.length === 0 && result.success ? result.data : undefined
}
