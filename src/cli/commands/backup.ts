import type { Command } from 'commander'
import type { ApiResult } from '../../model/api.js'
import type { Backup } from '../../model/backup.js'
import { AppError } from '../../model/errors.js'
import type { OffSiteCopy, OffSiteState } from '../../model/off-site.js'
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
  command
    .argument('[name]', 'name of the site')
    .option('--off-site', 'what lies in the repository elsewhere, of all sites that it ever saw')
    .action(async (text: string | undefined, { offSite }: { offSite?: boolean }) => {
      const context = open()
      if (offSite) return listOffSite(context, text)
      if (text === undefined)
        throw new AppError('invalid', 'Which site?', { hint: 'ruche backups NAME, or --off-site' })
      const answer = await context.client.call('listBackups', { params: { name: checkSiteName(text) } })
      context.print(answer, () => renderBackups(answer))
    })
}

async function listOffSite(context: Context, name: string | undefined): Promise<void> {
  const answer = await context.client.call('listOffSite')
  const copies = answer.copies.filter(({ site }) => name === undefined || site === name)
  const { check } = answer
  const read = check && `Last read back ${check.at}: ${check.reason ?? 'all is as it was written'}.\n`
  context.print({ ...answer, copies }, () => renderTable(copyColumns, copies) + (read ?? ''))
}

function renderBackups({ backups, offSite, elsewhere }: ApiResult<'listBackups'>): string {
  const elsewhereOf: Column<Backup>[] = offSite
    ? [{ title: 'ELSEWHERE', text: ({ id }) => describeCopy(offSite[id]) }]
    : []
  const gone = elsewhere.map(({ id, createdAt }) => `${id}  ${createdAt}  only elsewhere\n`).join('')
  if (backups.length === 0) return gone || 'There is no backup yet.\n'
  return renderTable([...columns, ...elsewhereOf], backups) + gone
}

function describeCopy(state: OffSiteState | undefined): string {
  if (state?.copiedAt !== undefined) return `since ${state.copiedAt}`
  return state?.reason === undefined ? 'waits' : `failed: ${state.reason}`
}

const copyColumns: Column<OffSiteCopy>[] = [
  { title: 'ID', text: ({ id }) => id },
  { title: 'SITE', text: ({ site }) => site },
  { title: 'MADE', text: ({ createdAt }) => createdAt },
  { title: 'PROVEN', text: ({ proven }) => (proven ? 'yes' : 'no') },
]

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
