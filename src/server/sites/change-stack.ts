import { AppError, asAppError } from '../../model/errors.js'
import type { Operation } from '../../model/operation.js'
import { type Stack, stackName } from '../../model/stack.js'
import type { Work } from '../operations/operations.js'
import type { SiteRecord } from '../register/sites.js'
import { applySpec } from './apply-spec.js'
import { checkStack } from './check-stack.js'
import type { By, SitesContext } from './context.js'
import { getReadySite } from './ready-site.js'
import { type Choice, choose } from './run-on.js'
import { start, stop } from './run-site.js'
import { getBackup } from './site-backups.js'

/** What a site was before its stack was changed, and the backup of it. */
interface FormerStack {
  stack: Stack
  backup: string
}

/** What the last change of a site's stack can be undone to; undefined: there was none. */
export function formerStackOf({ stack_before }: Pick<SiteRecord, 'stack_before'>): FormerStack | undefined {
  return stack_before === null ? undefined : (JSON.parse(stack_before) as FormerStack)
}

/**
 * Gives a site another stack, with the same files and packages; back when it does not start. Its database begins empty, or with what it held when the
 * site last had it.
 */
export async function changeStack(context: SitesContext, name: string, to: Stack, by: By): Promise<Operation> {
  checkStack(await context.engine.choices(), to)
  return begin(context, name, by, async () => {
    const site = await getReadySite(context.register.db, name)
    if (stackName(site.stack) !== stackName(to)) return { site, to }
    throw new AppError('conflict', `${name} is ${stackName(to)} already.`)
  })
}

/** Puts a site back on the stack that it had before the last change, with what it held then; this can be undone, too. */
export function undoStack(context: SitesContext, name: string, by: By): Promise<Operation> {
  return begin(context, name, by, async () => {
    const site = await getReadySite(context.register.db, name)
    const former = formerStackOf(site)
    if (!former) throw new AppError('conflict', `The stack of ${name} was not changed.`)
    return { site, to: former.stack, content: (await getBackup(context, site, former.backup)).id }
  })
}

interface Change {
  site: SiteRecord
  to: Stack
  /** The backup that the site holds afterwards; absent: what it holds now. */
  content?: string
}

/** Whatever comes of it, what the site holds now is in a backup first, whose id is the operation's. */
async function begin(context: SitesContext, name: string, by: By, prepare: () => Promise<Change>): Promise<Operation> {
  const { operation } = await context.operations.begin({
    kind: 'site.stack',
    subject: name,
    by,
    cancellable: true,
    prepare,
    run: async (work, change) => {
      const { site, to } = change
      work.note({ step: 'template' })
      const template = await context.templateBuilds.ensure(to, site.packages, { by, ...work })
      await context.engine.backups(site.uuid).create(name, work.id, { actor: by, note: work.note, signal: work.signal })
      work.signal.throwIfAborted()
      // What has begun on the site itself is brought to its end.
      await switchTo(context, change, template, by, { ...work, signal: new AbortController().signal })
      context.changes.publish({ type: 'site', name })
    },
  })
  return operation
}

async function switchTo(context: SitesContext, change: Change, template: string, by: By, work: Work): Promise<void> {
  const { site, to, content } = change
  const { name, server, language, database, stack_before, template_before, template_refused } = site
  const status = await context.engine.find(name)
  if (!status) throw new AppError('not_found', `There is no container ${name}.`)
  const former: FormerStack = { stack: site.stack, backup: work.id }
  const choice = { ...to, template, template_before: null, template_refused: null }
  try {
    await runOn(context, site, { ...choice, stack_before: JSON.stringify(former) }, content, by, work)
  } catch (error) {
    work.note({ step: 'undo', message: `${asAppError(error).message} It goes back to ${stackName(site.stack)}.` })
    const before = { server, language, database, stack_before, template_before, template_refused }
    await runOn(context, site, { ...before, template: status.template }, content && work.id, by, work)
    throw error
  }
}

/** Stopped first: whoever goes on after a crash can then give the container what it is to have. */
async function runOn(
  context: SitesContext,
  site: SiteRecord,
  choice: Choice,
  content: string | undefined,
  by: By,
  work: Work,
): Promise<void> {
  const { engine, observed } = context
  const { name, uuid, wanted } = site
  await stop(context, name, by, work)
  await choose(context, name, choice)
  await applySpec(context, name, by, work)
  if (content !== undefined) {
    work.note({ step: 'restore' })
    observed.note(await engine.backups(uuid).restore(name, content, { actor: by, ...work }))
  }
  if (wanted === 'running') await start(context, name, by, work)
}
