import type { Command } from 'commander'
import { checkSiteName } from '../check-input.js'
import type { Context } from '../context.js'
import type { Define } from '../define.js'
import { followOrLeave } from '../follow.js'
import { describeSite } from '../render-site.js'

export const defineStart = definePower('startSite')
export const defineStop = definePower('stopSite')
export const defineRestart = definePower('restartSite')

function definePower(call: 'startSite' | 'stopSite' | 'restartSite'): Define {
  return (command: Command, open: () => Context) => {
    command
      .argument('<name>', 'name of the site')
      .option('--no-wait', 'answer at once with the operation')
      .action(async (text: string, { wait }: { wait: boolean }) => {
        const context = open()
        const name = checkSiteName(text)
        const { operation } = await context.client.call(call, { params: { name } })
        await followOrLeave(context, operation, wait, () => describeSite(context, name))
      })
  }
}
