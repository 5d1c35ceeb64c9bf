import { AppError } from '../../model/errors.js'
import { type DataBind, RECIPE_KINDS, type RecipeKind } from '../../model/recipe.js'
import type { TemplateService } from '../../model/template.js'
import type { LoadedRecipe } from './recipe.js'

/** What a template is to be, before anything is done. */
export interface TemplatePlan {
  recipes: LoadedRecipe[]
  /** Packages in the steps in which they are added, each list with all of the one before: other stacks can start from an earlier step of this one. */
  stages: string[][]
  data: DataBind[]
  /** In stop order. */
  services: TemplateService[]
  awaits: string[]
  /** Files that the build writes itself, by path in the tree: what the site's own init and stop read. */
  written: Record<string, string>
}

/** Pure: recipes and further packages in, plan out. AppError `invalid` when two of them want the same service, place or file. */
export function planTemplate(recipes: LoadedRecipe[], extra: readonly string[] = []): TemplatePlan {
  const services = recipes
    .flatMap(({ kind, name, recipe }) => recipe.services.map((service) => ({ ...service, recipe: `${kind}/${name}` })))
    .sort((a, b) => a.stopOrder - b.stopOrder || (a.name < b.name ? -1 : 1))
  const data = recipes.flatMap(({ recipe }) => recipe.data)
  refuseTwice(
    'service',
    services.map((service) => service.name),
  )
  refuseTwice(
    'place for data',
    data.map((bind) => bind.at),
  )
  refuseTwice(
    'file',
    recipes.flatMap((loaded) => [...laidFiles(loaded).keys()]),
  )
  return {
    recipes,
    stages: planStages(recipes, extra),
    data,
    services,
    awaits: recipes.flatMap(({ recipe }) => recipe.awaits),
    written: {
      '/etc/ruche/data': lines(data.map(({ folder, at }) => `${folder} ${at}`)),
      '/etc/ruche/stop-order': lines(stopGroups(services, recipes)),
      '/etc/ruche/environment-services': lines(
        services.filter((service) => service.followsEnvironment).map((service) => service.name),
      ),
      ...Object.fromEntries(
        services.map(({ name, stopGraceMs }) => [`${SERVICES}/${name}/timeout-kill`, `${stopGraceMs}\n`]),
      ),
    },
  }
}

/** One line for all that stop together: the longest grace time among them, then their names. Services' own loggers come last, when nobody speaks any more. */
function stopGroups(services: TemplateService[], recipes: LoadedRecipe[]): string[] {
  const loggers = recipes
    .flatMap(({ files }) => files.map((file) => /^services\/([^/]+\/log)\/run$/.exec(file.path)?.[1] ?? ''))
    .filter((name) => name !== '')
    .map((name) => ({ name, stopOrder: LOGGERS_STOP, stopGraceMs: LOGGER_GRACE_MS }))
  const all = [...services, ...loggers]
  return [...new Set(all.map((service) => service.stopOrder))]
    .sort((a, b) => a - b)
    .map((order) => {
      const group = all.filter((service) => service.stopOrder === order)
      return [Math.max(...group.map((service) => service.stopGraceMs)), ...group.map((service) => service.name)].join(
        ' ',
      )
    })
}

const LOGGERS_STOP = 99
const LOGGER_GRACE_MS = 1500

/** Where services lie in a tree: init copies them to /run, because the supervisor writes beside them. */
const SERVICES = '/usr/share/ruche/run/service'

/** Where build scripts lie while a template is built. */
export const BUILD_SCRIPTS = '/usr/lib/ruche/build.d'

/** Path in the tree → path in the recipe, of every file that a recipe lays. */
export function laidFiles({ kind, files }: LoadedRecipe): Map<string, LoadedRecipe['files'][number]> {
  const laid = new Map<string, LoadedRecipe['files'][number]>()
  for (const file of files) {
    const [top = '', ...rest] = file.path.split('/')
    const below = rest.join('/')
    if (top === 'files') laid.set(`/${below}`, file)
    else if (top === 'services') laid.set(`${SERVICES}/${below}`, file)
    else if (top === 'apply.d') laid.set(`/etc/ruche/apply.d/${below}`, file)
    else if (file.path === 'build') laid.set(`${BUILD_SCRIPTS}/${kind}`, { ...file, mode: 0o755 })
    else if (file.path !== 'recipe.json') throw new AppError('invalid', `The recipe file ${file.path} has no place.`)
  }
  return laid
}

/** Languages bring most and servers least: what is kept of one stack spares the next ones most of their work. */
const STAGES: RecipeKind[][] = [['base'], ['base', 'language'], ['base', 'language', 'database'], [...RECIPE_KINDS]]

function planStages(recipes: LoadedRecipe[], extra: readonly string[]): string[][] {
  const stages = STAGES.map((kinds) => sortedOnce(recipes.filter(({ kind }) => kinds.includes(kind))))
  if (extra.length > 0) stages.push([...new Set([...(stages.at(-1) ?? []), ...extra])].sort())
  return stages.filter((packages, index) => packages.length !== stages[index - 1]?.length)
}

function sortedOnce(recipes: LoadedRecipe[]): string[] {
  return [...new Set(recipes.flatMap(({ recipe }) => recipe.packages))].sort()
}

function refuseTwice(what: string, names: string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new AppError('invalid', `Two recipes bring the same ${what}: ${twice}`)
}

const lines = (items: string[]): string => items.map((item) => `${item}\n`).join('')
