import * as z from 'zod'

/** Name of a recipe of one kind: what is there is data (folders of `templates/`), so no list is written here. */
export const RecipeName = z.string().regex(/^[a-z][a-z0-9]{1,20}$/, 'not the name of a recipe')

/** What a site is made of: web server × language × database. */
export const Stack = z
  .object({ server: RecipeName, language: RecipeName, database: RecipeName })
  .strict()
  .meta({ id: 'Stack' })
export type Stack = z.infer<typeof Stack>

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
