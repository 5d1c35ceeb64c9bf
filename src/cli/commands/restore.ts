import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { TableName } from '../../model/backup.js'
import { AppError } from '../../model/errors.js'
import { SitePath } from '../../model/files.js'
import { Id } from '../../model/names.js'
import { checkInput, checkNewName, checkSiteName } from '../check-input.js'
import type { Context } from '../context.js'
import { followOrLeave } from '../follow.js'
import { describeSite } from '../render-site.js'

interface Options {
  as?: string
  archive?: string
  file?: string
  table?: string
  owner?: string
  wait: boolean
}

export function defineRestore(command: Command, open: () => Context): void {
  command
    .argument('[name]', 'name of the site')
    .argument('[id]', 'which backup, as ruche backups NAME shows them')
    .option('--as <new>', 'make a new site of it; the old one stays as it is')
    .option('--file <path>', 'only this file or folder')
    .option('--table <table>', 'only this table of the database')
    .option('--archive <file>', 'make a new site, named by --as, of an archive that was made elsewhere')
    .option('--owner <login>', 'with --archive: whose site it will be')
    .option('--no-wait', 'answer at once with the operation')
    .action(async (name: string | undefined, id: string | undefined, options: Options) => {
      const context = open()
      if (options.archive !== undefined) return restoreArchive(context, options.archive, options)
      if (name === undefined || id === undefined)
        throw new AppError('invalid', 'Which site and which backup?', {
          hint: 'ruche restore NAME ID, or --archive FILE',
        })
      const params = { name: checkSiteName(name), id: checkInput(Id, id, 'id', 'ruche backups NAME shows them') }
      if (options.as !== undefined) {
        const as = checkNewName(options.as)
        const { operation } = await context.client.call('restoreAsSite', { params, body: { name: as } })
        return followOrLeave(context, operation, options.wait, () => describeSite(context, as))
      }
      const { operation } = await context.client.call('restoreBackup', { params, body: planPart(options) })
      return followOrLeave(context, operation, options.wait, () => describeSite(context, params.name))
    })
}

function planPart({ file, table }: Options): { path?: string; table?: string } {
  if (file !== undefined && table !== undefined) throw new AppError('invalid', '--file and --table do not go together.')
  return {
    ...(file !== undefined && { path: checkInput(SitePath, file.replace(/\/+$/, ''), 'file') }),
    ...(table !== undefined && { table: checkInput(TableName, table, 'table') }),
  }
}

async function restoreArchive(context: Context, file: string, options: Options): Promise<void> {
  if (options.as === undefined)
    throw new AppError('invalid', 'How shall the site be called?', { hint: 'add --as NAME' })
  const name = checkNewName(options.as)
  const { size } = await stat(file).catch((cause: unknown) => {
    throw new AppError('not_found', `${file} cannot be read.`, { cause })
  })
  const query = { name, ...(options.owner !== undefined && { owner: options.owner }) }
  const operation = await context.client.restoreArchive({ query }, { bytes: size, content: createReadStream(file) })
  await followOrLeave(context, operation, options.wait, () => describeSite(context, name))
}
