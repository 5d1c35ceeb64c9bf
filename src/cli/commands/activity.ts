import type { Command } from 'commander'
import type { Act, ActPage } from '../../model/activity.js'
import { checkSiteName } from '../check-input.js'
import type { Context } from '../context.js'
import { renderTable } from '../render-table.js'

const MOST = 500

export function defineActivity(command: Command, open: () => Context): void {
  command
    .argument('[name]', 'name of a site that is there; without it: everything that anybody did')
    .option('--by <login>', 'only of this person, on all sites')
    .option('--count <number>', `how many, the newest; ${MOST} at most`, '50')
    .action(async (text: string | undefined, { by, count }: { by?: string; count: string }) => {
      const context = open()
      const wanted = Math.min(Number.parseInt(count, 10) || 50, MOST)
      const name = text === undefined ? undefined : checkSiteName(text)
      const read = (before: { before?: string }) =>
        name !== undefined && by === undefined
          ? context.client.call('listActivity', { params: { name }, query: before })
          : context.client.call('listAllActivity', { query: { ...before, by, site: name } })
      const acts = await collect(read, wanted)
      context.print({ acts }, () => renderActs(acts, context))
    })
}

async function collect(read: (before: { before?: string }) => Promise<ActPage>, count: number): Promise<Act[]> {
  const acts: Act[] = []
  let next: string | undefined
  do {
    const page = await read(next === undefined ? {} : { before: next })
    acts.push(...page.acts)
    next = page.next
  } while (next !== undefined && acts.length < count)
  return acts.slice(0, count)
}

function renderActs(acts: Act[], { paint }: Pick<Context, 'paint'>): string {
  return renderTable(
    [
      { title: 'WHEN', text: ({ at }) => at.slice(0, 19).replace('T', ' ') },
      { title: 'WHO', text: ({ by, byToken }) => (byToken ? `${by} (token)` : by) },
      { title: 'FROM', text: ({ from }) => from ?? 'this machine' },
      { title: 'WHAT', text: ({ act, code }) => (code === undefined ? act : `${act}: ${code}`) },
      { title: 'SITE', text: ({ site }) => site ?? '–' },
      { title: 'ABOUT', text: ({ about }) => about ?? '' },
    ],
    acts,
    (title) => paint('dim', title),
  )
}
