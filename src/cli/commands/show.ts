import type { Command } from 'commander'
import { checkSiteName } from '../check-input.js'
import type { Context } from '../context.js'
import { describeSite } from '../render-site.js'

export function defineShow(command: Command, open: () => Context): void {
  command.argument('<name>', 'name of the site').action(async (name: string) => {
    const context = open()
    const { document, text } = await describeSite(context, checkSiteName(name))
    context.print(document, text)
  })
}
