import type { TemplateBuild } from '../../engine/engine.js'
import { type Stack, stackName } from '../../model/stack.js'
import { isBehind, type TemplateInfo } from '../../model/template-info.js'
import { buildName } from './template-builds.js'

/**
 * Which templates are to be built: those for new sites that are behind what the archive and the recipes have, and those of `stacks` that are not there
 * at all. One with further packages only as long as sites use it or want it (`wanted`: names of builds). Pure.
 */
export function planUpdates(
  templates: TemplateInfo[],
  stacks: readonly Stack[],
  wanted: ReadonlySet<string>,
): TemplateBuild[] {
  const current = templates.filter((one) => one.current)
  const inUse = (one: TemplateInfo) => one.extra.length === 0 || one.containers > 0 || wanted.has(buildName(one))
  const behind = current
    .filter((one) => isBehind(one) === true && inUse(one))
    .map(({ stack, extra }) => ({ stack, extra, force: true }))
  const plain = new Set(current.filter(({ extra }) => extra.length === 0).map(({ stack }) => stackName(stack)))
  const missing = stacks.filter((stack) => !plain.has(stackName(stack))).map((stack) => ({ stack, extra: [] }))
  return [...behind, ...missing]
}

/** A template with further packages is built before the site that asked for it says that it wants it. */
const FRESH_MS = 24 * 3_600_000

interface PruneRules {
  /** Digests that sites run on, may go back to or move to. */
  needed: ReadonlySet<string>
  /** Names of builds that sites want. */
  wanted: ReadonlySet<string>
  /** How many former ones of each kind are kept though no site uses them. */
  keep: number
  now: Date
}

/**
 * Digests of the templates that nobody needs any more: former ones but for the newest of each kind, and those with further packages that no site wants.
 * Pure; whoever removes one still looks whether it is in use.
 */
export function planPrune(templates: TemplateInfo[], { needed, wanted, keep, now }: PruneRules): string[] {
  const isNobodys = (one: TemplateInfo) =>
    one.extra.length > 0 && !wanted.has(buildName(one)) && now.getTime() - Date.parse(one.builtAt) > FRESH_MS
  const spare = new Map<string, number>()
  return [...templates]
    .sort((a, b) => (a.builtAt < b.builtAt ? 1 : -1))
    .filter((one) => (!one.current || isNobodys(one)) && one.containers === 0 && !needed.has(one.digest))
    .filter((one) => {
      if (isNobodys(one)) return true
      const before = spare.get(buildName(one)) ?? 0
      spare.set(buildName(one), before + 1)
      return before >= keep
    })
    .map(({ digest }) => digest)
}
