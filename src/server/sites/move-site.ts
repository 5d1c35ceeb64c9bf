import { AppError, asAppError } from '../../model/errors.js'
import type { Operation } from '../../model/operation.js'
import type { Work } from '../operations/operations.js'
import { type SiteRecord, updateSite } from '../register/sites.js'
import type { By, SitesContext } from './context.js'
import { findTarget } from './find-target.js'
import { lookAtPage, rankPage, sayPage, settledPage } from './page-health.js'
import { getReadySite } from './ready-site.js'
import { type Choice, choose, restartOn } from './run-on.js'

/** How a move ended. A site that got worse is on its former template again, and `reason` says what was wrong. */
export type Moved = { moved: true } | { moved: false; reason: string }

/** The template that the site would move to at a start now. */
export async function findMove(context: SitesContext, site: SiteRecord): Promise<string | undefined> {
  const status = context.observed.find(site.name)
  return status && findTarget(site, status.template, await context.knownTemplates.list())
}

/** Moves a site to another template, in an operation of its own, which fails when the site had to go back. */
export async function updateSiteTemplate(context: SitesContext, name: string, to: string, by: By): Promise<Operation> {
  const { operation } = await context.operations.begin({
    kind: 'site.update',
    subject: name,
    by,
    prepare: () => getReadySite(context.register.db, name),
    run: (work, site) => moveOrFail(context, site, to, by, work),
  })
  return operation
}

/** Puts a site back on the template that it had before; it does not move to the one that it leaves by itself again. */
export async function rollBackSite(context: SitesContext, name: string, by: By): Promise<Operation> {
  const { operation } = await context.operations.begin({
    kind: 'site.update',
    subject: name,
    by,
    prepare: async () => {
      const site = await getReadySite(context.register.db, name)
      if (site.template_before !== null) return { site, to: site.template_before }
      throw new AppError('conflict', `${name} has no former template to go back to.`)
    },
    run: async (work, { site, to }) => {
      const leaves = site.template
      await moveOrFail(context, site, to, by, work)
      await context.register.change((queries) => updateSite(queries, name, { template_refused: leaves }))
    },
  })
  return operation
}

async function moveOrFail(context: SitesContext, site: SiteRecord, to: string, by: By, work: Work): Promise<void> {
  const outcome = await moveSite(context, site, { template: to }, by, work)
  if (outcome.moved) return
  throw new AppError('host_failed', `${site.name} did worse on the other template: ${outcome.reason}.`, {
    hint: 'It runs on its former template again, and does not move to that one by itself any more.',
  })
}

/**
 * Stops a site, gives it another template and starts it again, as far as it runs or `starts`; waits until its page answers no worse than before,
 * and goes back by itself when it does not. The caller runs an operation on the site.
 */
export async function moveSite(
  context: SitesContext,
  site: SiteRecord,
  to: Choice,
  by: By,
  work: Work,
  starts = false,
): Promise<Moved> {
  const { engine, naming } = context
  const { name } = site
  const status = await engine.find(name)
  if (!status) throw new AppError('not_found', `There is no container ${name}.`)
  const host = naming.platformName(name)
  const ran = status.phase === 'running'
  const before = ran ? await lookAtPage(engine, name, host) : undefined
  await choose(context, name, { template_before: status.template, ...to })
  try {
    await restartOn(context, name, by, work, { stops: ran, starts: ran || starts })
    if (before === undefined) return { moved: true }
    work.note({ step: 'check' })
    const after = await settledPage(engine, name, host, before)
    if (rankPage(after) <= rankPage(before)) return { moved: true }
    throw new AppError('host_failed', `its page answers ${sayPage(after)} instead of ${sayPage(before)}`)
  } catch (error) {
    const reason = asAppError(error).message.replace(/\.$/, '')
    work.note({ step: 'undo', message: `${reason}: it goes back to its former template` })
    const { template_before } = site
    const packages = JSON.stringify(site.packages)
    await choose(context, name, { template: status.template, template_before, template_refused: to.template, packages })
    await restartOn(context, name, by, work, { stops: true, starts: ran || starts })
    return { moved: false, reason }
  }
}
