import type { Command } from 'commander'
import { AppError } from '../../model/errors.js'
import { Digest } from '../../model/names.js'
import { formatSize } from '../../model/sizes.js'
import { findStack, stackName } from '../../model/stack.js'
import { isBehind, planStacks, type TemplateInfo } from '../../model/template-info.js'
import { checkSiteName, invalidInput } from '../check-input.js'
import type { Context } from '../context.js'
import { follow, followOrLeave } from '../follow.js'
import { formatAge, formatTime } from '../format.js'
import { renderTable } from '../render-table.js'

export function defineTemplate(command: Command, open: () => Context): void {
  command
    .command('list')
    .description('the templates that are built')
    .option('--choices', 'instead, what a site can be made of')
    .action(({ choices }: { choices?: boolean }) => (choices ? listChoices(open()) : listTemplates(open())))
  command
    .command('build')
    .description('build the template of a stack; as root also with no platform running')
    .argument('[stack]', 'as in nginx-php-mariadb')
    .option('--all', 'of every stack; those that are there only when something of them is newer')
    .option('--force', 'build it again when it is there')
    .option('--no-wait', 'answer at once with the operation')
    .action((stack: string | undefined, options: BuildOptions) => build(open(), stack, options))
  command
    .command('check')
    .description('look what the archive has newer than the templates')
    .option('--no-wait', 'answer at once with the operation')
    .action((options: { wait: boolean }) => checkTemplates(open(), options))
  command
    .command('update')
    .description('build again, in the background, the templates that are behind')
    .option('--no-wait', 'answer at once with the operation')
    .action((options: { wait: boolean }) => updateTemplates(open(), options))
  command
    .command('rollout')
    .description('which sites move to a newer template at their next start; with --now, move those that run')
    .argument('[stack]', 'only those of one stack')
    .option('--now', 'one after the other: a copy first, each waited for, back when it gets worse')
    .option('--no-wait', 'answer at once with the operation')
    .action((stack: string | undefined, options: { now?: boolean; wait: boolean }) => rollOut(open(), stack, options))
  command
    .command('rollback')
    .description('put a site back on the template that it had before')
    .argument('<name>', 'name of the site')
    .option('--no-wait', 'answer at once with the operation')
    .action((name: string, options: { wait: boolean }) => rollBack(open(), checkSiteName(name), options))
  command
    .command('remove')
    .description('delete a template that no site uses')
    .argument('<template>', 'its digest (the first digits do), or a stack for all its templates')
    .action((text: string) => remove(open(), text))
}

interface BuildOptions {
  all?: boolean
  force?: boolean
  wait: boolean
}

async function listTemplates(context: Context): Promise<void> {
  const { templates } = await context.client.call('listTemplates')
  context.print({ templates }, () => renderTemplates(templates, context))
}

async function checkTemplates(context: Context, { wait }: { wait: boolean }): Promise<void> {
  const { operation } = await context.client.call('checkTemplates')
  await followOrLeave(context, operation, wait, () => presentAll(context))
}

async function updateTemplates(context: Context, { wait }: { wait: boolean }): Promise<void> {
  const { operation } = await context.client.call('updateTemplates', { body: {} })
  await followOrLeave(context, operation, wait, () => presentAll(context))
}

async function rollOut(
  context: Context,
  text: string | undefined,
  { now, wait }: { now?: boolean; wait: boolean },
): Promise<void> {
  const stack = text === undefined ? undefined : findStack(text)
  if (text !== undefined && !stack)
    throw invalidInput('stack', `${text} is not server-language-database`, 'as in nginx-php-mariadb')
  if (!now) {
    const sites = await findWaiting(context, text)
    const names = sites.length === 0 ? 'none' : sites.join(', ')
    return context.print({ sites }, () => `Sites that move at their next start (--now: at once): ${names}\n`)
  }
  const { operation } = await context.client.call('rollOutTemplates', { body: { ...(stack && { stack }) } })
  await followOrLeave(context, operation, wait, () => presentAll(context))
}

/** Sites whose template is no longer the one that new sites of their kind get. */
async function findWaiting(context: Context, stack: string | undefined): Promise<string[]> {
  const [{ templates }, { sites }] = await Promise.all([
    context.client.call('listTemplates'),
    context.client.call('listSites', { query: { all: 'true' } }),
  ])
  const former = new Set(templates.filter((one) => !one.current).map(({ digest }) => digest))
  return sites
    .filter((site) => stack === undefined || stackName(site.stack) === stack)
    .filter(({ template }) => template !== undefined && former.has(template))
    .map(({ name }) => name)
}

async function rollBack(context: Context, name: string, { wait }: { wait: boolean }): Promise<void> {
  const { operation } = await context.client.call('rollBackSite', { params: { name } })
  await followOrLeave(context, operation, wait, async () => {
    const site = await context.client.call('getSite', { params: { name } })
    return { document: site, text: () => `${name} runs on ${site.template?.slice(0, 12) ?? '–'}.\n` }
  })
}

async function presentAll(context: Context) {
  const { templates } = await context.client.call('listTemplates')
  return { document: { templates }, text: () => renderTemplates(templates, context) }
}

async function listChoices(context: Context): Promise<void> {
  const { choices } = await context.client.call('siteDefaults')
  context.print(choices, () => {
    const rows = (['servers', 'languages', 'databases'] as const).flatMap((kind) =>
      choices[kind].map((choice) => ({ kind: kind.slice(0, -1), ...choice })),
    )
    return renderTable(
      [
        { title: 'OPTION', text: (row) => `--${row.kind}` },
        { title: 'VALUE', text: (row) => row.name },
        { title: 'WHAT IT IS', text: (row) => row.summary },
      ],
      rows,
      (title) => context.paint('dim', title),
    )
  })
}

async function build(context: Context, text: string | undefined, options: BuildOptions): Promise<void> {
  if ((text === undefined) === !options.all)
    throw invalidInput('stack', 'name one stack, or --all', 'as in nginx-php-mariadb')
  const stack = text === undefined ? undefined : findStack(text)
  if (text !== undefined && !stack)
    throw invalidInput('stack', `${text} is not server-language-database`, 'as in nginx-php-mariadb')
  const choices = await context.client.call('siteDefaults').catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'unavailable' && process.getuid?.() === 0) return undefined
    throw error
  })
  if (!choices) return buildAlone(context, text, options)
  if (!stack && !options.force) {
    const { operation } = await context.client.call('updateTemplates', { body: { missing: true } })
    return followOrLeave(context, operation, options.wait, () => presentAll(context))
  }
  const stacks = stack ? [stack] : planStacks(choices.choices)
  for (const one of stacks) {
    const body = { stack: one, ...(options.force && { force: true }) }
    const { operation } = await context.client.call('buildTemplate', { body })
    if (options.wait) await follow(context, operation)
    else if (stacks.length === 1) {
      const started = await context.client.call('getOperation', { params: { id: operation } })
      return context.print(started, () => `goes on: ruche operations ${operation}\n`)
    }
  }
  const names = stacks.map(stackName)
  const { templates } = await context.client.call('listTemplates')
  const built = templates.filter((template) => template.current && names.includes(stackName(template.stack)))
  context.print({ templates: built }, () => renderTemplates(built, context))
}

// These load what only root needs now: the configuration's reader and the starting of programs.
async function buildAlone(context: Context, stack: string | undefined, { force }: BuildOptions): Promise<void> {
  const { readConfiguration } = await import('../configuration/read-configuration.js')
  const { buildTemplateAlone } = await import('../build-template-alone.js')
  const { configuration } = await readConfiguration(context.configFile, process.env)
  const view = context.openProgress()
  const what = { stack, templatesFolder: configuration.templates.folder, ...(force && { force }) }
  const templates = await buildTemplateAlone(what, ({ step, message, percent }) =>
    view.show(step, message, percent),
  ).finally(() => view.close())
  context.print({ templates }, () => renderTemplates(templates, context))
}

async function remove(context: Context, text: string): Promise<void> {
  const { templates } = await context.client.call('listTemplates')
  const stack = findStack(text)
  const chosen = templates.filter((one) => (stack ? stackName(one.stack) === text : one.digest.startsWith(text)))
  if (chosen.length === 0)
    throw new AppError('not_found', `There is no template ${text}.`, { hint: 'ruche template list' })
  if (!stack && chosen.length > 1)
    throw new AppError('conflict', `Several templates begin with ${text}.`, { hint: 'give more of its digits' })
  for (const { digest } of chosen)
    await context.client.call('removeTemplate', { params: { digest: Digest.parse(digest) } })
  context.print({ removed: chosen.map(({ digest }) => digest) }, () => `${chosen.length} removed.\n`)
}

function renderTemplates(templates: TemplateInfo[], { paint }: Pick<Context, 'paint'>): string {
  if (templates.length === 0) return 'No template is built yet: ruche template build --all\n'
  return renderTable(
    [
      { title: 'STACK', text: ({ stack, extra }) => [stackName(stack), ...extra].join(' + ') },
      { title: 'DIGEST', text: (template) => template.digest.slice(0, 12) },
      { title: 'CURRENT', text: (template) => (template.current ? 'yes' : '') },
      { title: 'BUILT', text: (template) => formatTime(template.builtAt) ?? '' },
      { title: 'AGE', text: (template) => formatAge(template.builtAt), right: true },
      { title: 'UPDATES', text: formatUpdates, right: true },
      { title: 'SIZE', text: (template) => formatSize(template.sizeBytes), right: true },
      { title: 'PACKAGES', text: (template) => String(template.packages), right: true },
      { title: 'SITES', text: (template) => String(template.containers), right: true },
    ],
    templates,
    (title) => paint('dim', title),
  )
}

/** Unknown is a dash, never 0. */
function formatUpdates(template: TemplateInfo): string {
  const { updates } = template
  if (!updates) return '–'
  if (!isBehind(template)) return 'none'
  const security = updates.packages.filter((one) => one.security).length
  const words = [
    ...(updates.packages.length > 0 ? [`${updates.packages.length}`] : []),
    ...(security > 0 ? [`${security} security`] : []),
    ...(updates.recipesChanged ? ['recipes'] : []),
  ]
  return words.join(', ')
}
