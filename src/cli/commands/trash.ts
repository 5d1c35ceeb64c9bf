import type { Command } from 'commander'
import type { TrashedSite } from '../../model/backup.js'
import { AppError } from '../../model/errors.js'
import { checkNewName, checkSiteName } from '../check-input.js'
import type { Context } from '../context.js'
import { followOrLeave } from '../follow.js'
import { describeSite } from '../render-site.js'
import { type Column, renderTable } from '../render-table.js'

const columns: Column<TrashedSite>[] = [
  { title: 'NAME', text: ({ name }) => name },
  { title: 'OWNER', text: ({ owner }) => owner },
  { title: 'DELETED', text: ({ deletedAt }) => deletedAt },
  { title: 'GONE FOR GOOD', text: ({ goneAt }) => goneAt },
]

export function defineTrash(command: Command, open: () => Context): void {
  command
    .command('list', { isDefault: true })
    .description('the deleted sites that can be brought back')
    .action(async () => {
      const context = open()
      const { sites } = await context.client.call('listTrash', { query: { all: 'true' } })
      context.print({ sites }, () => (sites.length === 0 ? 'The trash is empty.\n' : renderTable(columns, sites)))
    })
  command
    .command('recover')
    .description('bring a deleted site back')
    .argument('<name>', 'name it had')
    .option('--as <new>', 'name that it gets, should the old one be taken')
    .option('--no-wait', 'answer at once with the operation')
    .action(async (text: string, options: { as?: string; wait: boolean }) => {
      const context = open()
      const { id, name } = await getTrashed(context, checkSiteName(text))
      const as = options.as === undefined ? name : checkNewName(options.as)
      const { operation } = await context.client.call('recoverSite', { params: { id }, body: { name: as } })
      await followOrLeave(context, operation, options.wait, () => describeSite(context, as))
    })
  command
    .command('purge')
    .description('delete a deleted site and its backups for good')
    .argument('<name>', 'name it had')
    .action(async (text: string) => {
      const context = open()
      const { id, name } = await getTrashed(context, checkSiteName(text))
      await context.client.call('purgeSite', { params: { id } })
      context.print({ name, purged: true }, () => `${name} is gone for good.\n`)
    })
}

/** The one that was deleted last, when several had the name. */
async function getTrashed(context: Context, name: string): Promise<TrashedSite> {
  const { sites } = await context.client.call('listTrash', { query: { all: 'true' } })
  const found = sites.find((one) => one.name === name)
  if (found) return found
  throw new AppError('not_found', `There is no site ${name} in the trash.`, { hint: 'See it: ruche trash' })
}
