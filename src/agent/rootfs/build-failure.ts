import { AppError } from '../../model/errors.js'
import type { RecipeKind } from '../../model/recipe.js'
import type { LoadedRecipe } from './recipe.js'

const LAST_LINES = 40

export interface LastLines {
  add(line: string): void
  /** What an earlier step said is not the reason of a later one's failure. */
  forget(): void
  all(): string[]
}

/** Keeps the last lines that the tools of a build said, to tell the reason of a failure. */
export function keepLastLines(): LastLines {
  const lines: string[] = []
  return {
    add: (line) => {
      if (line.trim() === '') return
      lines.push(line.trim())
      if (lines.length > LAST_LINES) lines.shift()
    },
    forget: () => {
      lines.length = 0
    },
    all: () => lines,
  }
}

type Named = Pick<LoadedRecipe, 'kind' | 'name'> & { recipe: Pick<LoadedRecipe['recipe'], 'packages'> }

/** Pure: the recipe at fault: the one whose script ran, else the last one that asks for a package which the reason names. */
function findCulprit(recipes: readonly Named[], reason: string, script: RecipeKind | undefined): Named | undefined {
  if (script) return recipes.find(({ kind }) => kind === script)
  const words = reason.split(/[\s'",;()]+/)
  return recipes.findLast(({ recipe }) => recipe.packages.some((name) => words.includes(name)))
}

/**
 * Pure: what to tell of a build that failed. The first error line of a tool is the reason; those after it only follow from it. `script`: the kind
 * of recipe whose own script was running.
 */
export function describeFailure(
  what: string,
  error: unknown,
  lines: string[],
  { recipes = [], script }: { recipes?: readonly Named[]; script?: RecipeKind | undefined } = {},
): AppError {
  if (error instanceof AppError && error.code !== 'host_failed') return error
  const reason =
    lines.find((line) => /^E: |\b(error|fatal):|\[emerg\]|^[a-z-]+: /i.test(line))?.replace(/^E: /, '') ??
    lines.at(-1) ??
    (error instanceof AppError ? error.message : 'something went wrong on this machine')
  const culprit = findCulprit(recipes, reason, script)
  const whose = culprit ? `the recipe ${culprit.kind}/${culprit.name}: ` : ''
  return new AppError('host_failed', `${what} could not be built: ${whose}${reason.slice(0, 300)}`, {
    hint: 'Nothing of it is left; it can be tried again.',
    cause: new Error(lines.join('\n'), { cause: error }),
  })
}
