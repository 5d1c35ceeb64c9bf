import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { TableName } from '../../model/backup.js'
import { AppError } from '../../model/errors.js'
import { SitePath } from '../../model/files.js'
import { Id } from '../../model/names.js'
import { checkInput, checkNewName, checkSiteName } from '../check-input.js'
import type { Context } from '../context.js'
import { follow, followOrLeave } from '../follow.js'
import { describeSite } from '../render-site.js'

interface Options {
  as?: string
  archive?: string
  file?: string
  table?: string
  owner?: string
  offSite?: string
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
    .option('--off-site <id>', 'make a site, named by --as, of a copy elsewhere: ruche backups --off-site')
    .option('--owner <login>', 'with --archive or --off-site: whose site it will be')
    .option('--no-wait', 'answer at once with the operation')
    .action(async (name: string | undefined, id: string | undefined, options: Options) => {
      const context = open()
      if (options.archive !== undefined) return restoreArchive(context, options.archive, options)
      if (options.offSite !== undefined) return restoreOffSite(context, options.offSite, options)
      if (name === undefined || id === undefined)
        throw new AppError('invalid', 'Which site and which backup?', {
          hint: 'ruche restore NAME ID, or --archive FILE',
        })
      const params = { name: checkSiteName(name), id: checkInput(Id, id, 'id', 'ruche backups NAME shows them') }
      await fetchIfAway(context, params)
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

/** One that is only elsewhere comes back first. */
async function fetchIfAway(context: Context, params: { name: string; id: string }): Promise<void> {
  const { elsewhere } = await context.client.call('listBackups', { params: { name: params.name } })
  if (!elsewhere.some(({ id }) => id === params.id)) return
  await follow(context, (await context.client.call('fetchBackup', { params })).operation)
}

async function restoreOffSite(context: Context, text: string, options: Options): Promise<void> {
  const id = checkInput(Id, text, 'off-site', 'ruche backups --off-site shows them')
  const name = checkNameToBe(options.as)
  const copy = (await context.client.call('listOffSite')).copies.find((one) => one.id === id)
  if (!copy) throw new AppError('not_found', `There is no ${id} in the repository.`)
  const params = { key: copy.key, id }
  await follow(context, (await context.client.call('fetchOffSite', { params })).operation)
  const body = { name, ...(options.owner !== undefined && { owner: options.owner }) }
  const { operation } = await context.client.call('restoreOffSite', { params, body })
  await followOrLeave(context, operation, options.wait, () => describeSite(context, name))
}

function checkNameToBe(as: string | undefined): string {
  if (as === undefined) throw new AppError('invalid', 'How shall the site be called?', { hint: 'add --as NAME' })
  return checkNewName(as)
}

async function restoreArchive(context: Context, file: string, options: Options): Promise<void> {
  const name = checkNameToBe(options.as)
  const { size } = await stat(file).catch((cause: unknown) => {
    throw new AppError('not_found', `${file} cannot be read.`, { cause })
  })
  const query = { name, ...(options.owner !== undefined && { owner: options.owner }) }
  const operation = await context.client.restoreArchive({ query }, { bytes: size, content: createReadStream(file) })
  await followOrLeave(context, operation, options.wait, () => describeSite(context, name))
}
