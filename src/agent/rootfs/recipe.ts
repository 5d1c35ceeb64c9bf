import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { check } from '../../model/check.js'
import { AppError } from '../../model/errors.js'
import {
  BASE_RECIPE,
  RECIPE_KINDS,
  type Recipe,
  type RecipeKind,
  RecipeSchema,
  recipeFolder,
} from '../../model/recipe.js'
import { findMisfit, RecipeName, type Stack } from '../../model/stack.js'
import { type Choice, planStacks } from '../../model/template-info.js'
import { type RecipeFile, readRecipeFiles } from './recipe-files.js'

/** A recipe with all that is in its folder. */
export interface LoadedRecipe {
  kind: RecipeKind
  name: string
  recipe: Recipe
  files: RecipeFile[]
}

/** The recipes of a stack in the order in which they are laid. AppError `not_found` for one that does not exist, `invalid` for one with a mistake or a stack that makes no sense. */
export async function readRecipes(recipesFolder: string, stack: Stack): Promise<LoadedRecipe[]> {
  const names: Record<RecipeKind, string> = { base: BASE_RECIPE, ...stack }
  const recipes = await Promise.all(RECIPE_KINDS.map((kind) => readRecipe(recipesFolder, kind, names[kind])))
  const rules = Object.fromEntries(recipes.map(({ kind, recipe }) => [kind, recipe.onlyWith]))
  const misfit = findMisfit(stack, rules)
  if (!misfit) return recipes
  const { part, because, allowed } = misfit
  throw new AppError('invalid', `The ${because} ${stack[because]} does not go with the ${part} ${stack[part]}.`, {
    hint: `It goes with ${allowed.join(', ')}.`,
  })
}

async function readRecipe(recipesFolder: string, kind: RecipeKind, name: string): Promise<LoadedRecipe> {
  const folder = join(recipesFolder, recipeFolder(kind, name))
  const recipe = await readRecipeFile(folder, kind, name)
  const files = await readRecipeFiles(folder)
  for (const service of recipe.services)
    if (!files.some((file) => file.path === `services/${service.name}/run` && file.mode === 0o755))
      throw new AppError('invalid', `The recipe ${kind}/${name} has no program services/${service.name}/run.`)
  return { kind, name, recipe, files }
}

async function readRecipeFile(folder: string, kind: RecipeKind, name: string): Promise<Recipe> {
  const text = await readFile(join(folder, 'recipe.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    throw new AppError('not_found', `There is no ${kind} "${name}".`, {
      hint: 'Run "ruche template list" to see what sites can be made of.',
      cause: error,
    })
  })
  return check(RecipeSchema, parseJson(text, `${kind}/${name}`), `The recipe ${kind}/${name}`)
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new AppError('invalid', `The recipe ${what} is not JSON: ${(error as Error).message}`, { cause: error })
  }
}

/** Names and summaries of the recipes of a kind, sorted by name. */
export async function listRecipes(recipesFolder: string, kind: RecipeKind): Promise<Choice[]> {
  const entries = await readdir(join(recipesFolder, kind), { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory() && RecipeName.safeParse(entry.name).success)
  const recipes = names.map(async ({ name }) => {
    const { summary, onlyWith, access } = await readRecipeFile(
      join(recipesFolder, recipeFolder(kind, name)),
      kind,
      name,
    )
    return { name, summary, onlyWith, ...(access && { access }) }
  })
  return (await Promise.all(recipes)).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Every stack that the recipes can make and that makes sense, in the order of their names. */
export async function listStacks(recipesFolder: string): Promise<Stack[]> {
  const [servers, languages, databases] = await Promise.all([
    listRecipes(recipesFolder, 'server'),
    listRecipes(recipesFolder, 'language'),
    listRecipes(recipesFolder, 'database'),
  ])
  return planStacks({ servers, languages, databases })
}
