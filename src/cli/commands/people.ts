import type { Command } from 'commander'
import type { ApiInput } from '../../model/api.js'
import type { Quota } from '../../model/limits.js'
import { Login } from '../../model/names.js'
import type { Person } from '../../model/person.js'
import { formatSize, parseSizeBytes } from '../../model/sizes.js'
import { checkInput, invalidInput, parseCount, parseCpuMilli } from '../check-input.js'
import type { Context } from '../context.js'
import { formatCpu } from '../format.js'
import { renderTable } from '../render-table.js'

type Body = ApiInput<'setPerson'>['body']

export function definePeople(command: Command, open: () => Context): void {
  command
    .command('list')
    .description('everybody who is known, with what they may and do use')
    .action(async () => {
      const context = open()
      const { people } = await context.client.call('listPeople')
      context.print({ people }, () => renderPeople(people, context))
    })
  const decisions = {
    allow: ['allowed', 'let a person create sites, whatever the directory says'],
    deny: ['denied', 'do not let a person create sites, whatever the directory says'],
    reset: ['group', 'let the directory decide again'],
  } as const
  for (const [verb, [decision, summary]] of Object.entries(decisions))
    command
      .command(verb)
      .description(summary)
      .argument('<login>')
      .option('--reason <words>', 'why; everybody who administers sees it')
      .action((login: string, { reason }: { reason?: string }) =>
        decide(open(), login, { decision, ...(reason && { reason }) }),
      )
  defineQuota(command.command('quota'), open)
}

interface QuotaOptions {
  sites?: string
  cpu?: string
  memory?: string
  disk?: string
  reset?: boolean
  reason?: string
}

function defineQuota(command: Command, open: () => Context): void {
  command
    .description("change what a person's sites may use together")
    .argument('<login>')
    .option('--sites <count>', 'number of sites')
    .option('--cpu <cores>', 'cores, as in 2.5')
    .option('--memory <size>', 'memory, as in 2G')
    .option('--disk <size>', 'disk, as in 10G')
    .option('--reset', 'back to the quota that the group gives')
    .option('--reason <words>', 'why; everybody who administers sees it')
    .action((login: string, options: QuotaOptions) => decide(open(), login, planQuota(options)))
}

/** The body that changes a quota; AppError `invalid` when nothing would change. */
export function planQuota({ sites, cpu, memory, disk, reset, reason }: QuotaOptions): Body {
  const quota: Partial<Quota> = {
    ...(sites !== undefined && { sites: parseCount(sites, 'sites') }),
    ...(cpu !== undefined && { cpuMilli: parseCpuMilli(cpu) }),
    ...(memory !== undefined && { memoryBytes: parseSizeBytes(memory, 'memory') }),
    ...(disk !== undefined && { diskBytes: parseSizeBytes(disk, 'disk') }),
  }
  const empty = Object.keys(quota).length === 0
  if (empty === !reset) throw invalidInput('quota', 'say what to change, or --reset', 'as in --sites 5 --memory 2G')
  return { quota: reset ? null : quota, ...(reason && { reason }) }
}

async function decide(context: Context, text: string, body: Body): Promise<void> {
  const login = checkInput(Login, text, 'login')
  const person = await context.client.call('setPerson', { params: { login }, body })
  context.print(person, () => renderPeople([person], context))
}

function renderPeople(people: Person[], { paint }: Pick<Context, 'paint'>): string {
  if (people.length === 0) return 'Nobody has signed in yet, and nothing was decided about anybody.\n'
  const use = (used: string, quota: string) => `${used} / ${quota}`
  const size = (key: 'memoryBytes' | 'diskBytes') => (person: Person) =>
    use(formatSize(person.used[key]), formatSize(person.quota[key]))
  return renderTable(
    [
      { title: 'LOGIN', text: (person) => person.login },
      { title: 'NAME', text: (person) => person.name },
      { title: 'ROLE', text: (person) => (person.administrator ? 'administrator' : '') },
      { title: 'CREATES', text: (person) => `${person.mayCreate ? 'yes' : 'no'} (${person.decision})` },
      { title: 'SITES', text: (person) => use(`${person.used.sites}`, `${person.quota.sites}`), right: true },
      {
        title: 'CPU',
        text: (person) => use(formatCpu(person.used.cpuMilli), formatCpu(person.quota.cpuMilli)),
        right: true,
      },
      { title: 'MEMORY', text: size('memoryBytes'), right: true },
      { title: 'DISK', text: size('diskBytes'), right: true },
      { title: 'REASON', text: (person) => person.reason ?? '' },
    ],
    people,
    (title) => paint('dim', title),
  )
}
