import type { Command } from 'commander'
import type { Site } from '../../model/site.js'
import { stackName } from '../../model/stack.js'
import type { Context } from '../context.js'
import { formatUse } from '../format.js'
import { siteDocument, stateStyle } from '../render-site.js'
import { type Column, renderTable } from '../render-table.js'

export function defineList(command: Command, open: () => Context): void {
  command.action(async () => {
    const context = open()
    const { sites } = await context.client.call('listSites', { query: { all: 'true' } })
    context.print({ sites: sites.map(siteDocument) }, () => renderSites(sites, context))
  })
}

function renderSites(sites: Site[], { paint }: Pick<Context, 'paint'>): string {
  if (sites.length === 0) return 'There is no site yet. Make one: ruche create my-site\n'
  const columns: Column<Site>[] = [
    { title: 'NAME', text: (site) => site.name },
    { title: 'STATE', text: (site) => site.state, paint: (text, site) => paint(stateStyle(site.state), text) },
    { title: 'OWNER', text: (site) => site.owner },
    { title: 'STACK', text: (site) => stackName(site.stack) },
    { title: 'MEMORY', text: (site) => formatUse(site.usage?.memoryBytes, site.limits.memoryBytes), right: true },
    { title: 'DISK', text: (site) => formatUse(site.usage?.diskUsedBytes, site.limits.diskBytes), right: true },
    { title: 'ADDRESS', text: (site) => site.url },
  ]
  return renderTable(columns, sites, (title) => paint('dim', title))
}
