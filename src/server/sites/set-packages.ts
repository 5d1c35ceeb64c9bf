import { AppError } from '../../model/errors.js'
import type { Operation } from '../../model/operation.js'
import type { By, SitesContext } from './context.js'
import { moveSite } from './move-site.js'
import { getReadySite } from './ready-site.js'

/**
 * The whole list of Debian packages that a site has besides those of its stack. They become a template, which sites with the same ones share; the site
 * then moves to it, and back to what it had when it does worse. Until then nothing of the site is touched.
 */
export async function setPackages(context: SitesContext, name: string, packages: string[], by: By): Promise<Operation> {
  const { operation } = await context.operations.begin({
    kind: 'site.packages',
    subject: name,
    by,
    cancellable: true,
    prepare: () => getReadySite(context.register.db, name),
    run: async (work, site) => {
      if (packages.join() === site.packages.join()) return
      work.note({ step: 'template' })
      const template = await context.templateBuilds.ensure(site.stack, packages, { by, ...work })
      work.signal.throwIfAborted()
      // There is no going back by template alone: the one before has other packages.
      const former = { template_before: null, template_refused: null }
      const choice = { template, ...former, packages: JSON.stringify(packages) }
      // A site that is moving is moved to the end.
      const outcome = await moveSite(context, site, choice, by, { ...work, signal: new AbortController().signal })
      context.changes.publish({ type: 'site', name })
      if (outcome.moved) return
      throw new AppError('host_failed', `${name} did worse with these packages: ${outcome.reason}.`, {
        hint: 'It runs with those of before again.',
      })
    },
  })
  return operation
}
