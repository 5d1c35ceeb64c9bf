import type { Command } from 'commander'
import type { SiteDomain } from '../../model/domain.js'
import { DomainName } from '../../model/domain-name.js'
import { visibleText } from '../../model/visible-text.js'
import { checkInput, checkSiteName } from '../check-input.js'
import type { Context } from '../context.js'
import { followOrLeave } from '../follow.js'
import { renderDomain, renderDomains } from '../render-domains.js'

interface Wait {
  wait: boolean
}

export function defineDomain(command: Command, open: () => Context): void {
  command
    .command('list')
    .description('the names of a site; the first is the platform’s own')
    .argument('<name>', 'name of the site')
    .action(async (text: string) => {
      const context = open()
      const { document, text: describe } = await describeDomains(context, checkSiteName(text))
      context.print(document, describe)
    })
  defineVerb(command, 'add', 'ask for a domain name; shows the DNS record that proves it')
    .option('--vouch', 'serve it without that record (administrators)')
    .action(async (site: string, domain: string, { wait, vouch }: Wait & { vouch?: boolean }) => {
      const { context, params } = openOn(open, site, domain)
      const body = { domain: params.domain, ...(vouch && { vouch }) }
      await tell(context, wait, params, await context.client.call('addDomain', { params, body }))
    })
  defineVerb(command, 'check', 'look at DNS now; a name that is found proven is served').action(
    async (site: string, domain: string, { wait }: Wait) => {
      const { context, params } = openOn(open, site, domain)
      await tell(context, wait, params, await context.client.call('checkDomain', { params }))
    },
  )
  defineVerb(command, 'remove', 'take a domain name away from a site').action(
    async (site: string, domain: string, { wait }: Wait) => {
      const { context, params } = openOn(open, site, domain)
      const { operation } = await context.client.call('removeDomain', { params })
      await followOrLeave(context, operation, wait, () => describeDomains(context, params.name))
    },
  )
  defineVerb(command, 'main', 'lead visitors of all other names to this one; without a name: no longer').action(
    async (site: string, domain: string | undefined, { wait }: Wait) => {
      const context = open()
      const name = checkSiteName(site)
      const mainName = domain === undefined ? '' : readDomain(domain)
      const { operation } = await context.client.call('changeSettings', { params: { name }, body: { mainName } })
      await followOrLeave(context, operation, wait, () => describeDomains(context, name))
    },
  )
}

function defineVerb(command: Command, verb: string, summary: string): Command {
  return command
    .command(verb)
    .description(summary)
    .argument('<name>', 'name of the site')
    .argument(verb === 'main' ? '[domain]' : '<domain>', 'as in www.example.org')
    .option('--no-wait', 'answer at once with the operation')
}

const readDomain = (text: string): string => checkInput(DomainName, text, 'domain', 'as in www.example.org')

function openOn(open: () => Context, site: string, domain: string) {
  const params = { name: checkSiteName(site), domain: readDomain(domain) }
  return { context: open(), params }
}

/** What became of one name. */
async function tell(
  context: Context,
  wait: boolean,
  { name, domain }: { name: string; domain: string },
  seen: { domain: SiteDomain; operation?: string | undefined },
): Promise<void> {
  const describe = async () => {
    const { domains } = await context.client.call('listDomains', { params: { name } })
    const found = domains.find((one) => one.name === domain) ?? seen.domain
    return { document: { id: name, ...found }, text: () => renderDomain(found) }
  }
  if (seen.operation !== undefined) return followOrLeave(context, seen.operation, wait, describe)
  const { document, text } = await describe()
  context.print(document, text)
}

async function describeDomains(context: Context, name: string) {
  const { domains } = await context.client.call('getSite', { params: { name } })
  const { domains: own } = await context.client.call('listDomains', { params: { name } })
  return {
    document: { id: name, domains, own },
    text: () => `${visibleText(domains[0] ?? '')}\n${renderDomains(own)}`,
  }
}
