import type { Command } from 'commander'
import type { Backup } from '../../model/backup.js'
import { AppError } from '../../model/errors.js'
import { formatSize } from '../../model/sizes.js'
import { checkSiteName } from '../check-input.js'
import type { Context } from '../context.js'
import { followOrLeave } from '../follow.js'
import { type Column, renderTable } from '../render-table.js'

export function defineBackup(command: Command, open: () => Context): void {
  command
    .argument('<name>', 'name of the site')
    .option('--no-wait', 'answer at once with the operation')
    .action(async (text: string, { wait }: { wait: boolean }) => {
      const context = open()
      const name = checkSiteName(text)
      const { operation } = await context.client.call('backUpSite', { params: { name } })
      await followOrLeave(context, operation, wait, async () => {
        const backup = await getBackup(context, name, operation)
        return { document: backup, text: () => renderTable(columns, [backup]) }
      })
    })
}

export function defineBackups(command: Command, open: () => Context): void {
  command.argument('<name>', 'name of the site').action(async (text: string) => {
    const context = open()
    const answer = await context.client.call('listBackups', { params: { name: checkSiteName(text) } })
    context.print(answer, () =>
      answer.backups.length === 0 ? 'There is no backup yet.\n' : renderTable(columns, answer.backups),
    )
  })
}

const columns: Column<Backup>[] = [
  { title: 'ID', text: ({ id }) => id },
  { title: 'MADE', text: ({ createdAt }) => createdAt },
  { title: 'SIZE', text: ({ sizeBytes }) => formatSize(sizeBytes), right: true },
  { title: 'PROVEN', text: wordFor },
]

async function getBackup(context: Context, name: string, id: string): Promise<Backup> {
  const { backups } = await context.client.call('listBackups', { params: { name } })
  const found = backups.find((one) => one.id === id)
  if (found) return found
  throw new AppError('not_found', `There is no backup ${id} of ${name}.`, { hint: `See them: ruche backups ${name}` })
}

function wordFor({ proof }: Backup): string {
  if (!proof) return 'not tried yet'
  return proof.proven ? `yes, in ${proof.durationMs} ms` : `no: ${proof.reason ?? ''}`
}
