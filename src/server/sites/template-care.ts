import { AppError, asAppError } from '../../model/errors.js'
import type { Operation } from '../../model/operation.js'
import { planStacks, type TemplateInfo } from '../../model/template-info.js'
import type { Work } from '../operations/operations.js'
import { listSites, type SiteRecord } from '../register/sites.js'
import type { By, SitesContext } from './context.js'
import { planPrune, planUpdates } from './plan-template-care.js'
import { buildName } from './template-builds.js'

/** What operations about all templates have as their subject: only one of them at a time. */
const ALL = 'templates'

/** Looks what the archive has newer. */
export async function checkTemplates(context: SitesContext, by: By): Promise<Operation> {
  const { operation } = await context.operations.begin({
    kind: 'template.check',
    subject: ALL,
    by,
    cancellable: true,
    prepare: async () => undefined,
    run: async (work) => {
      await look(context, by, work)
    },
  })
  return operation
}

/** Builds what is behind again, in the background. `missing`: also the templates of stacks that have none. */
export async function updateTemplates(context: SitesContext, missing: boolean, by: By): Promise<Operation> {
  const { operation } = await context.operations.begin({
    kind: 'template.update',
    subject: ALL,
    by,
    cancellable: true,
    prepare: async () => undefined,
    run: async (work) => {
      const templates = await look(context, by, work)
      const stacks = missing ? planStacks(await context.engine.choices()) : []
      const wanted = planWanted(await listSites(context.register.db))
      await buildAll(context, planUpdates(templates, stacks, wanted), by, work)
      await pruneTemplates(context, by, work)
    },
  })
  return operation
}

/** Names of the builds that sites are to run on. */
function planWanted(sites: SiteRecord[]): Set<string> {
  return new Set(sites.map(({ stack, packages }) => buildName({ stack, extra: packages })))
}

function look({ engine }: SitesContext, by: By, work: Work): Promise<TemplateInfo[]> {
  return engine.checkTemplates({ actor: by, note: work.note, signal: work.signal })
}

/** One that fails does not keep the others from being built. */
async function buildAll(
  { templateBuilds }: SitesContext,
  plan: ReturnType<typeof planUpdates>,
  by: By,
  work: Work,
): Promise<void> {
  const failed: string[] = []
  for (const [index, wanted] of plan.entries()) {
    const name = buildName(wanted)
    const step = `build ${name}`.slice(0, 60)
    const note: Work['note'] = ({ step: inner, message, percent }) =>
      work.note({ step, message: message ?? inner, percent })
    note({ step: `${index + 1} of ${plan.length}` })
    try {
      await templateBuilds.buildBehind(wanted, { by, note, signal: work.signal })
    } catch (error) {
      work.signal.throwIfAborted()
      failed.push(name)
      note({ step: 'failed', message: asAppError(error).message })
    }
  }
  if (failed.length > 0)
    throw new AppError('host_failed', `Not all templates could be built: ${failed.join(', ')}.`, {
      hint: 'The log of this operation says why. What was there before is still in use.',
    })
}

/** Takes away the former templates that nobody needs any more. */
export async function pruneTemplates(context: SitesContext, by: By, work: Work): Promise<void> {
  const { engine, register, keepTemplates, now } = context
  const sites = await listSites(register.db)
  const needed = new Set(sites.flatMap((site) => [site.template, site.template_before]).filter((one) => one !== null))
  const rules = { needed, wanted: planWanted(sites), keep: keepTemplates, now: now() }
  for (const digest of planPrune(await engine.templates(), rules)) {
    try {
      await engine.removeTemplate(digest, { actor: by })
      work.note({ step: 'remove', message: digest.slice(0, 12) })
    } catch (error) {
      // Another platform that shares the folder uses it.
      work.note({ step: 'remove', message: `${digest.slice(0, 12)}: ${asAppError(error).message}` })
    }
  }
}
