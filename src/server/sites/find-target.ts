import type { TemplateInfo } from '../../model/template-info.js'
import type { SiteRecord } from '../register/sites.js'
import { buildName } from './template-builds.js'

type Moving = Pick<SiteRecord, 'stack' | 'packages' | 'template_refused'>

/** The template that a site on `from` is to move to: the one that new sites of its kind get, unless it went back from that one before. Pure. */
export function findTarget(site: Moving, from: string, templates: TemplateInfo[]): string | undefined {
  const name = buildName({ stack: site.stack, extra: site.packages })
  const current = templates.find((one) => one.current && buildName(one) === name)?.digest
  return current === from || current === site.template_refused ? undefined : current
}
