import type { Command } from 'commander'
import { DomainName } from '../../model/domain-name.js'
import { AppError } from '../../model/errors.js'
import { visibleText } from '../../model/visible-text.js'
import { checkInput, checkSiteName } from '../check-input.js'
import type { Context } from '../context.js'
import { followOrLeave } from '../follow.js'

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
  defineChange(command, open, 'add', 'give a site a domain name of its own', (own, domain, name) => {
    if (own.includes(domain)) throw new AppError('conflict', `${domain} leads to ${name} already.`)
    return [...own, domain]
  })
  defineChange(command, open, 'remove', 'take a domain name away from a site', (own, domain, name) => {
    if (!own.includes(domain))
      throw new AppError('not_found', `${domain} is no name of ${name}'s own.`, { hint: `ruche domain list ${name}` })
    return own.filter((other) => other !== domain)
  })
}

type Change = (own: string[], domain: string, name: string) => string[]

function defineChange(command: Command, open: () => Context, verb: string, summary: string, change: Change): void {
  command
    .command(verb)
    .description(summary)
    .argument('<name>', 'name of the site')
    .argument('<domain>', 'as in www.example.org')
    .option('--no-wait', 'answer at once with the operation')
    .action(async (siteText: string, domainText: string, { wait }: { wait: boolean }) => {
      const context = open()
      const name = checkSiteName(siteText)
      const domain = checkInput(DomainName, domainText, 'domain', 'as in www.example.org')
      const site = await context.client.call('getSite', { params: { name } })
      const body = { domains: change(site.domains.slice(1), domain, name) }
      const { operation } = await context.client.call('setDomains', { params: { name }, body })
      await followOrLeave(context, operation, wait, () => describeDomains(context, name))
    })
}

async function describeDomains(context: Context, name: string) {
  const { domains } = await context.client.call('getSite', { params: { name } })
  return { document: { id: name, domains }, text: () => domains.map((domain) => `${visibleText(domain)}\n`).join('') }
}
