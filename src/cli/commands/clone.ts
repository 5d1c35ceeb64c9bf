import type { Command } from 'commander'
import { Login } from '../../model/names.js'
import { checkInput, checkNewName, checkSiteName } from '../check-input.js'
import type { Context } from '../context.js'
import { followOrLeave } from '../follow.js'
import { describeSite } from '../render-site.js'

interface Options {
  owner?: string
  start: boolean
  wait: boolean
}

export function defineClone(command: Command, open: () => Context): void {
  command
    .argument('<name>', 'name of the site')
    .argument('<new>', 'name of its copy')
    .option('--owner <login>', 'whose site it will be')
    .option('--no-start', 'do not start it')
    .option('--no-wait', 'answer at once with the operation')
    .action(async (text: string, as: string, options: Options) => {
      const context = open()
      const name = checkSiteName(text)
      const body = {
        name: checkNewName(as),
        ...(options.owner !== undefined && { owner: checkInput(Login, options.owner, 'owner') }),
        ...(!options.start && { start: false }),
      }
      const { operation } = await context.client.call('cloneSite', { params: { name }, body })
      await followOrLeave(context, operation, options.wait, () => describeSite(context, body.name))
    })
}

export function defineOwner(command: Command, open: () => Context): void {
  command
    .argument('<name>', 'name of the site')
    .argument('<login>', 'whose site it will be')
    .option('--no-wait', 'answer at once with the operation')
    .action(async (text: string, login: string, { wait }: { wait: boolean }) => {
      const context = open()
      const name = checkSiteName(text)
      const body = { owner: checkInput(Login, login, 'owner') }
      const { operation } = await context.client.call('handOver', { params: { name }, body })
      await followOrLeave(context, operation, wait, () => describeSite(context, name))
    })
}
