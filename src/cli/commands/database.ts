import type { Command } from 'commander'
import { AppError } from '../../model/errors.js'
import { checkSiteName } from '../check-input.js'
import type { Context } from '../context.js'
import { follow } from '../follow.js'
import { renderPairs } from '../render-table.js'

export function defineDatabase(command: Command, open: () => Context): void {
  command
    .argument('<name>', 'name of the site')
    .option('--rotate', 'give it a new password; the code that reads it from its environment goes on')
    .action(async (text: string, { rotate }: { rotate?: boolean }) => {
      const context = open()
      const name = checkSiteName(text)
      if (rotate) {
        const body = { which: 'database' as const }
        await follow(context, (await context.client.call('rotatePassword', { params: { name }, body })).operation)
      }
      const { database } = await context.client.call('siteAccess', { params: { name } })
      if (!database)
        throw new AppError('not_found', `${name} has no database.`, {
          hint: 'it was chosen at creation: --database mariadb',
        })
      context.print(database, () => renderPairs(Object.entries(database), (key) => context.paint('dim', key)))
    })
}
