import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { SiteDomain } from '../../model/domain.js'
import { DomainName } from '../../model/domain-name.js'
import { AppError } from '../../model/errors.js'
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
  defineVerb(command, 'certificate', 'serve a domain name with a certificate of your own')
    .option('--chain <file>', 'the certificate, below it those of its authorities (PEM)')
    .option('--key <file>', 'its private key, without a passphrase (PEM)')
    .option('--remove', 'forget it: the platform’s own is served again')
    .action(async (site: string, domain: string, { wait, ...options }: Wait & CertificateOptions) => {
      const { context, params } = openOn(open, site, domain)
      const { operation } = await changeCertificate(context, params, options)
      await followOrLeave(context, operation, wait, () => describeDomain(context, params))
    })
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

interface CertificateOptions {
  chain?: string
  key?: string
  remove?: boolean
}

async function changeCertificate(
  { client }: Context,
  params: { name: string; domain: string },
  { chain, key, remove }: CertificateOptions,
) {
  if (remove && chain === undefined && key === undefined) return client.call('removeCertificate', { params })
  if (remove || chain === undefined || key === undefined)
    throw new AppError('invalid', 'A certificate needs --chain and --key, or --remove alone.')
  const body = { chain: await readPem('chain', chain), key: await readPem('key', key) }
  return client.call('setCertificate', { params, body })
}

function readPem(path: string, file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: Error) => {
    const message = `${file} cannot be read: ${error.message}`
    throw new AppError('invalid', `${path}: ${message}`, { fields: [{ path, message }] })
  })
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
  const describe = () => describeDomain(context, { name, domain }, seen.domain)
  if (seen.operation !== undefined) return followOrLeave(context, seen.operation, wait, describe)
  const { document, text } = await describe()
  context.print(document, text)
}

async function describeDomain(
  { client }: Context,
  { name, domain }: { name: string; domain: string },
  seen?: SiteDomain,
) {
  const { domains } = await client.call('listDomains', { params: { name } })
  const found = domains.find((one) => one.name === domain) ?? seen
  return { document: { id: name, ...found }, text: () => (found ? renderDomain(found) : '') }
}

async function describeDomains(context: Context, name: string) {
  const { domains } = await context.client.call('getSite', { params: { name } })
  const { domains: own } = await context.client.call('listDomains', { params: { name } })
  return {
    document: { id: name, domains, own },
    text: () => `${visibleText(domains[0] ?? '')}\n${renderDomains(own)}`,
  }
}
