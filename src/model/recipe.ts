import * as z from 'zod'
import { DebianPackage } from './debian-package.js'
import { DatabaseAccess, OnlyWith, type RecipeName } from './stack.js'

/** The kinds of recipe, in the order in which they are laid; one of each makes a template. */
export const RECIPE_KINDS = ['base', 'server', 'language', 'database'] as const
export type RecipeKind = (typeof RECIPE_KINDS)[number]

/** The one recipe of kind `base`: every template starts from it. */
export const BASE_RECIPE = 'debian'

const AbsolutePath = z
  .string()
  .regex(/^(\/[A-Za-z0-9._-]+)+$/, 'not an absolute path')
  .max(200)

/**
 * A probe that holds when the service answers: `tcp:80` connects on the container's loopback, `unix:/run/x.sock` to a socket, and
 * `postmaster:/data/postmaster.pid` reads that PostgreSQL takes sessions. They are asked in the order in which they stand.
 */
export const Readiness = z
  .string()
  .regex(/^(tcp:[1-9][0-9]{0,4}|(unix|postmaster):(\/[A-Za-z0-9._-]+)+)$/, 'not a readiness probe')

/** A folder of the image's `data/` and where it is bound over the template. The same folder may be bound at several places. */
export const DataBind = z.object({ folder: z.string().regex(/^[a-z][a-z0-9]{0,30}$/), at: AbsolutePath }).strict()
export type DataBind = z.infer<typeof DataBind>

/** A supervised program: the folder `services/<name>` of its recipe. */
export const RecipeService = z
  .object({
    name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
    /** Lower stops first, equal ones together: web server and SFTP 10, language 20, database 80, loggers 99. */
    stopOrder: z.int().min(0).max(99),
    /** How long it may take to stop before it is killed. */
    stopGraceMs: z.int().min(100).max(120_000),
    /** All of them must answer before the site counts as started. */
    ready: z.array(Readiness).max(4),
    /** Where its messages are, inside the container. */
    log: AbsolutePath.optional(),
    /** It hands its environment to the site's code, so it is started anew when the variables change. */
    followsEnvironment: z.boolean().optional(),
  })
  .strict()
export type RecipeService = z.infer<typeof RecipeService>

/** `recipe.json`: what a recipe asks for besides the files in its folder. */
export const RecipeSchema = z
  .object({
    /** A short English line for lists. */
    summary: z.string().min(1).max(200),
    packages: z.array(DebianPackage),
    data: z.array(DataBind).default([]),
    services: z.array(RecipeService).default([]),
    /** Answered by the owner's program: a start waits a moment for it, but what it does is no failure of the start. */
    awaits: z.array(Readiness).max(4).default([]),
    /** The recipes of other kinds that it makes sense with; any, when a kind is not named. */
    onlyWith: OnlyWith.default({}),
    /** Of databases: how the site's code reaches it. */
    access: DatabaseAccess.optional(),
  })
  .strict()
export type Recipe = z.infer<typeof RecipeSchema>

/** Folder of a recipe below `templates/`. */
export function recipeFolder(kind: RecipeKind, name: z.infer<typeof RecipeName>): string {
  return `${kind}/${name}`
}
