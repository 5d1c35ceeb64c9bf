import type { Command } from 'commander'
import { CreateSite } from '../../model/api/sites.js'
import { DomainName } from '../../model/domain-name.js'
import { Login, SiteName } from '../../model/names.js'
import { DEFAULT_STACK, RecipeName, type Stack } from '../../model/stack.js'
import { checkInput, checkNewName, type LimitOptions, parseLimits } from '../check-input.js'
import type { Context } from '../context.js'
import { followOrLeave } from '../follow.js'
import { describeSite } from '../render-site.js'

interface Options extends LimitOptions {
  server?: string
  language?: string
  database?: string
  model?: string
  domain: string[]
  vouch?: boolean
  owner?: string
  start: boolean
  wait: boolean
}

export function defineCreate(command: Command, open: () => Context): void {
  command
    .argument('<name>', 'name of the site, also of its address')
    .option('--server <server>', `web server (default: ${DEFAULT_STACK.server})`)
    .option('--language <language>', `language (default: ${DEFAULT_STACK.language})`)
    .option('--database <database>', `database, or none (default: ${DEFAULT_STACK.database})`)
    .option('--model <model>', 'begin as a copy of a model, whose stack it then has')
    .option(
      '--domain <domain>',
      'a domain name of its own; can be given again',
      (one, all: string[]) => [...all, one],
      [],
    )
    .option('--vouch', 'serve these domains without the DNS record that proves them (administrators)')
    .option('--cpu <cores>', 'cores, as in 0.5')
    .option('--memory <size>', 'memory, as in 256M')
    .option('--disk <size>', 'disk, as in 1G')
    .option('--pids <count>', 'processes and threads')
    .option('--owner <login>', 'whose site it is')
    .option('--no-start', 'do not start it')
    .option('--no-wait', 'answer at once with the operation')
    .action(async (name: string, options: Options) => {
      const body = planCreation(name, options)
      const context = open()
      const { operation } = await context.client.call('createSite', { body })
      await followOrLeave(context, operation, options.wait, () => describeSite(context, body.name))
    })
}

/** The body of the call, every input checked; AppError `invalid` that names the option. */
export function planCreation(name: string, options: Options): CreateSite {
  const limits = parseLimits(options)
  const stack = planStack(options)
  const domains = options.domain.map((domain) => checkInput(DomainName, domain, 'domain', 'as in www.example.org'))
  return {
    name: checkNewName(name),
    ...(stack && { stack }),
    ...(options.model !== undefined && { model: checkInput(SiteName, options.model, 'model') }),
    ...(domains.length > 0 && { domains: checkInput(CreateSite.shape.domains, domains, 'domain') }),
    ...(options.vouch && { vouch: true }),
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(options.owner !== undefined && { owner: checkInput(Login, options.owner, 'owner') }),
    ...(!options.start && { start: false }),
  }
}

function planStack({ server, language, database }: Options): Stack | undefined {
  if (server === undefined && language === undefined && database === undefined) return undefined
  const recipe = (value: string | undefined, kind: keyof Stack) =>
    value === undefined
      ? DEFAULT_STACK[kind]
      : checkInput(RecipeName, value, kind, 'ruche template list --choices shows what there is')
  return {
    server: recipe(server, 'server'),
    language: recipe(language, 'language'),
    database: recipe(database, 'database'),
  }
}
