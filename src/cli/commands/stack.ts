import type { Command } from 'commander'
import { RecipeName, STACK_PARTS, type Stack, type StackPart, stackName } from '../../model/stack.js'
import { checkInput, checkSiteName, invalidInput } from '../check-input.js'
import type { Context } from '../context.js'
import { followOrLeave } from '../follow.js'

interface Options extends Partial<Stack> {
  undo?: boolean
  wait: boolean
}

export function defineStack(command: Command, open: () => Context): void {
  command
    .argument('<name>', 'name of the site')
    .option('--server <server>', 'another web server')
    .option('--language <language>', 'another language')
    .option('--database <database>', 'another database, or none; it begins empty')
    .option('--undo', 'back to the stack before the last change, with what the site held then')
    .option('--no-wait', 'answer at once with the operation')
    .addHelpText('after', '\nThe site is backed up first: ruche backups NAME. Its files and packages stay.')
    .action(async (text: string, options: Options) => {
      const parts = STACK_PARTS.filter((part) => options[part] !== undefined)
      if (options.undo && parts.length > 0) throw invalidInput('undo', 'it goes without other options')
      const context = open()
      const name = checkSiteName(text)
      const look = async () => {
        const { stack, formerStack } = await context.client.call('getSite', { params: { name } })
        const undo = formerStack ? `\n--undo: back to ${stackName(formerStack)}` : ''
        return { stack, document: { id: name, stack, formerStack }, text: () => `${stackName(stack)}${undo}\n` }
      }
      const before = await look()
      if (!options.undo && parts.length === 0) return context.print(before.document, before.text)
      const { operation } = options.undo
        ? await context.client.call('undoStack', { params: { name } })
        : await context.client.call('changeStack', { params: { name }, body: planStack(before.stack, options, parts) })
      await followOrLeave(context, operation, options.wait, look)
    })
}

function planStack(before: Stack, options: Options, parts: StackPart[]): Stack {
  const hint = 'ruche template list --choices shows what there is'
  const chosen = parts.map((part) => [part, checkInput(RecipeName, options[part], part, hint)])
  return { ...before, ...Object.fromEntries(chosen) }
}
