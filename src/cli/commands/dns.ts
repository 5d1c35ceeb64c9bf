import type { Command } from 'commander'
import { Id } from '../../model/names.js'
import { RecordWish, type ZoneRecord } from '../../model/zone-record.js'
import { checkInput, checkSiteName, invalidInput } from '../check-input.js'
import type { Context } from '../context.js'
import { renderTable } from '../render-table.js'

export function defineDns(command: Command, open: () => Context): void {
  command
    .command('list')
    .description('the records of a site below its platform name')
    .argument('<name>', 'name of the site')
    .action(async (text: string) => {
      const context = open()
      const found = await context.client.call('listRecords', { params: { name: checkSiteName(text) } })
      const note = found.allowed ? '' : 'Records of your own are not allowed on this platform: none is announced.\n'
      context.print(found, () => note + renderRecords(found.records, context))
    })
  command
    .command('add')
    .description('add a record: A, AAAA, CNAME, MX, TXT, SRV or CAA')
    .argument('<name>', 'name of the site')
    .argument('<record>', 'what stands before the platform name, as in mail or _dmarc; @ is that name itself')
    .argument('<type>', 'as in TXT')
    .argument('<value...>', 'as in 10 mail.example.org')
    .action(async (siteText: string, record: string, type: string, value: string[]) => {
      const context = open()
      const name = checkSiteName(siteText)
      const body = readWish({ name: record, type: type.toUpperCase(), value: value.join(' ') })
      const added = await context.client.call('addRecord', { params: { name }, body })
      context.print(added, () => renderRecords([added], context))
    })
  command
    .command('remove')
    .description('take a record away')
    .argument('<name>', 'name of the site')
    .argument('<id>', 'as ruche dns list shows it')
    .action(async (siteText: string, idText: string) => {
      const context = open()
      const name = checkSiteName(siteText)
      const id = checkInput(Id, idText, 'id', 'ruche dns list shows the ids')
      await context.client.call('removeRecord', { params: { name, id } })
      context.print({ id: name, removed: id }, () => `${name} does not have that record any more.\n`)
    })
}

function readWish(wish: { name: string; type: string; value: string }): RecordWish {
  const result = RecordWish.safeParse(wish)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw invalidInput(String(issue?.path[0] ?? 'record'), issue?.message ?? 'is not valid')
}

function renderRecords(records: ZoneRecord[], { paint }: Pick<Context, 'paint'>): string {
  return renderTable(
    [
      { title: 'ID', text: ({ id }) => id },
      { title: 'NAME', text: ({ host }) => host },
      { title: 'TYPE', text: ({ type }) => type },
      { title: 'VALUE', text: ({ value }) => value },
      { title: 'DNS', text: ({ dns }) => describeDns(dns) },
    ],
    records,
    (title) => paint('dim', title),
  )
}

function describeDns(dns: ZoneRecord['dns']): string {
  if (!dns) return '–'
  const next = dns.nextTryAt === undefined ? '' : `, next try ${dns.nextTryAt}`
  return dns.state === 'announced'
    ? dns.state
    : `${dns.state}${dns.answer === undefined ? '' : `: ${dns.answer}`}${next}`
}
