import { AppError } from '../../model/errors.js'
import type { Operation } from '../../model/operation.js'
import { type Stack, stackName } from '../../model/stack.js'
import { listSites, type SiteRecord } from '../register/sites.js'
import { tryOnCopy } from './canary.js'
import type { By, SitesContext } from './context.js'
import { findMove, updateSiteTemplate } from './move-site.js'
import { pruneTemplates } from './template-care.js'

interface Step {
  site: SiteRecord
  to: string
}

/**
 * Moves the running sites (of a stack) to their newest template by restarts, one after the other: first a copy of one of them, then each, which is
 * waited for until it is well. It stops at the first that had to go back. Sites that are stopped move when they are started.
 */
export async function rollOut(context: SitesContext, stack: Stack | undefined, by: By): Promise<Operation> {
  const { operation } = await context.operations.begin({
    kind: 'template.rollout',
    subject: 'templates',
    by,
    cancellable: true,
    prepare: async () => undefined,
    run: async (work) => {
      const plan = await planSteps(context, stack)
      for (const [to, [first]] of groupByTemplate(plan)) if (first) await tryOnCopy(context, first.site, to, by, work)
      for (const [index, step] of plan.entries()) {
        work.signal.throwIfAborted()
        const percent = Math.round((100 * index) / plan.length)
        work.note({ step: `site ${step.site.name}`, message: `${index + 1} of ${plan.length}`, percent })
        await moveOne(context, step, by)
      }
      await pruneTemplates(context, by, work)
    },
  })
  return operation
}

async function planSteps(context: SitesContext, stack: Stack | undefined): Promise<Step[]> {
  const steps: Step[] = []
  for (const site of await listSites(context.register.db)) {
    const isWanted = stack === undefined || stackName(site.stack) === stackName(stack)
    if (!isWanted || site.lifecycle !== 'ready' || context.observed.find(site.name)?.phase !== 'running') continue
    const to = await findMove(context, site)
    if (to !== undefined) steps.push({ site, to })
  }
  return steps
}

function groupByTemplate(steps: Step[]): Map<string, Step[]> {
  const groups = new Map<string, Step[]>()
  for (const step of steps) groups.set(step.to, [...(groups.get(step.to) ?? []), step])
  return groups
}

async function moveOne(context: SitesContext, { site, to }: Step, by: By): Promise<void> {
  const { operations } = context
  const { id } = await updateSiteTemplate(context, site.name, to, by)
  await operations.ended(id)
  const ended = await operations.find(id)
  if (ended?.state === 'done') return
  throw new AppError('host_failed', ended?.error?.message ?? `${site.name} could not move.`, {
    hint: 'It runs on its former template again; the sites after it were left alone.',
  })
}
