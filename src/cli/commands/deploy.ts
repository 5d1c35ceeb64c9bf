import type { Command } from 'commander'
import type { DeployState } from '../../model/deploy.js'
import { checkSiteName } from '../check-input.js'
import type { Context } from '../context.js'
import { followOrLeave } from '../follow.js'
import { renderPairs } from '../render-table.js'

async function describeDeploy(context: Context, name: string): Promise<{ document: unknown; text: () => string }> {
  const state = await context.client.call('deployState', { params: { name } })
  return { document: { id: name, ...state }, text: () => render(state) }
}

function render({ branch, deployed, previous }: DeployState): string {
  if (!deployed) return 'Nothing was deployed yet.\n'
  const say = (one: DeployState['deployed']) =>
    one && `${one.commit.slice(0, 10)} ${one.at.slice(0, 16)} ${one.subject}`
  return renderPairs([
    ['branch', branch],
    ['deployed', say(deployed)],
    ['before', say(previous)],
  ])
}

export function defineDeploy(command: Command, open: () => Context): void {
  command
    .command('show')
    .description('what was deployed by git push, and what before')
    .argument('<name>', 'name of the site')
    .action(async (text: string) => {
      const context = open()
      const { document, text: describe } = await describeDeploy(context, checkSiteName(text))
      context.print(document, describe)
    })
  command
    .command('undo')
    .description('bring back what was deployed before')
    .argument('<name>', 'name of the site')
    .option('--no-wait', 'answer at once with the operation')
    .action(async (text: string, { wait }: { wait: boolean }) => {
      const context = open()
      const name = checkSiteName(text)
      const { operation } = await context.client.call('undoDeploy', { params: { name } })
      await followOrLeave(context, operation, wait, () => describeDeploy(context, name))
    })
}
