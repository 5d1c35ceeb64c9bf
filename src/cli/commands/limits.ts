import type { Command } from 'commander'
import { checkSiteName, type LimitOptions, parseLimits } from '../check-input.js'
import type { Context } from '../context.js'
import { followOrLeave } from '../follow.js'
import { formatLimits } from '../format.js'

export function defineLimits(command: Command, open: () => Context): void {
  command
    .argument('<name>', 'name of the site')
    .option('--cpu <cores>', 'cores, as in 0.5')
    .option('--memory <size>', 'memory, as in 256M')
    .option('--disk <size>', 'disk, as in 1G; it can only grow')
    .option('--pids <count>', 'processes and threads')
    .option('--no-wait', 'answer at once with the operation')
    .action(async (text: string, options: LimitOptions & { wait: boolean }) => {
      const context = open()
      const name = checkSiteName(text)
      const body = parseLimits(options)
      const after = async () => {
        const { limits, usage, state } = await context.client.call('getSite', { params: { name } })
        const later =
          body.diskBytes !== undefined && state !== 'stopped' ? 'The disk grows when the site starts next.\n' : ''
        return { document: { id: name, limits, usage }, text: () => `${name}: ${formatLimits(limits)}\n${later}` }
      }
      if (Object.keys(body).length === 0) {
        const { document, text: describe } = await after()
        return context.print(document, describe)
      }
      const { operation } = await context.client.call('setLimits', { params: { name }, body })
      await followOrLeave(context, operation, options.wait, after)
    })
}
