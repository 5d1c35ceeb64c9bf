import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { TRASH_DAYS } from '../../model/backup.js'
import { AppError } from '../../model/errors.js'
import type { Site } from '../../model/site.js'
import { visibleText } from '../../model/visible-text.js'
import { checkSiteName } from '../check-input.js'
import type { Context } from '../context.js'
import { followOrLeave } from '../follow.js'

interface Options {
  yes?: boolean
  purge?: boolean
  wait: boolean
}

export function defineDestroy(command: Command, open: () => Context): void {
  command
    .argument('<name>', 'name of the site')
    .option('-y, --yes', 'do not ask')
    .option('--purge', 'for good: nothing goes to the trash, and its backups go too')
    .option('--no-wait', 'answer at once with the operation')
    .action(async (text: string, options: Options) => {
      const context = open()
      const name = checkSiteName(text)
      if (!options.yes) await confirm(await context.client.call('getSite', { params: { name } }), context)
      const { operation } = await context.client.call('destroySite', {
        params: { name },
        query: options.purge ? { purge: 'true' } : {},
      })
      await followOrLeave(context, operation, options.wait, async () => ({
        document: { id: name, destroyed: true, operation, restorableDays: options.purge ? 0 : TRASH_DAYS },
        text: () =>
          options.purge
            ? `${name} is gone for good.\n`
            : `${name} is deleted. For ${TRASH_DAYS} days it can be brought back: ruche trash recover ${name}\n`,
      }))
    })
}

async function confirm(site: Site, context: Context): Promise<void> {
  if (context.json || !process.stdin.isTTY)
    throw new AppError('invalid', `${site.name} and all that it holds would be deleted.`, {
      hint: 'add --yes if that is meant',
    })
  const lost = [
    'its files',
    ...(site.stack.database === 'none' ? [] : ['its database']),
    `the names ${site.domains.join(', ')}`,
  ]
  process.stderr.write(`${site.name} of ${visibleText(site.owner)} will be deleted, with ${lost.join(', ')}.\n`)
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await prompt.question('Type its name to go on: ').finally(() => prompt.close())
  if (answer.trim() !== site.name) throw new AppError('conflict', 'Nothing was deleted.')
}
