import type { Engine } from '../../engine/engine.js'
import type { TemplateInfo } from '../../model/template-info.js'
import { isRecent } from '../is-recent.js'
import type { Changes } from '../operations/changes.js'

/** The built templates, without asking the engine at each start of a site. */
export interface KnownTemplates {
  list(): Promise<TemplateInfo[]>
}

/** A build by root with no platform tells nobody. */
const MOST_AGE_MS = 60_000

export function openKnownTemplates(engine: Engine, changes: Changes, now: () => Date): KnownTemplates {
  let known: { at: number; templates: Promise<TemplateInfo[]> } | undefined
  changes.subscribe(({ type }) => {
    if (type === 'templates') known = undefined
  })
  return {
    list() {
      if (known && isRecent(known.at, now(), MOST_AGE_MS)) return known.templates
      const asked = { at: now().getTime(), templates: engine.templates() }
      asked.templates.catch(() => {
        if (known === asked) known = undefined
      })
      known = asked
      return asked.templates
    },
  }
}
