import type { Command } from 'commander'
import { visibleText } from '../../model/visible-text.js'
import { checkSiteName } from '../check-input.js'
import type { Context } from '../context.js'
import { followOrLeave } from '../follow.js'
import { planVariables, type VariablesPlan } from '../plan-variables.js'
import { readSecret } from '../read-secret.js'

interface Options {
  values?: boolean
  wait: boolean
}

export function defineEnvironment(command: Command, open: () => Context): void {
  command
    .argument('<name>', 'name of the site')
    .argument('[words...]', 'list, set KEY=VALUE…, set KEY (its value on standard input) or unset KEY…')
    .option('--values', 'show the values too')
    .option('--no-wait', 'answer at once with the operation')
    .action(async (text: string, words: string[], { values, wait }: Options) => {
      const plan = planVariables(words)
      const context = open()
      const name = checkSiteName(text)
      const look = () => describeVariables(context, name, values === true)
      if (!plan) {
        const { document, text: describe } = await look()
        return context.print(document, describe)
      }
      const body = { variables: await readChange(plan) }
      const { operation } = await context.client.call('changeEnvironment', { params: { name }, body })
      await followOrLeave(context, operation, wait, look)
    })
}

async function readChange({ change, fromStdin }: VariablesPlan): Promise<VariablesPlan['change']> {
  if (fromStdin === undefined) return change
  return { ...change, [fromStdin]: await readSecret(`${fromStdin}: `) }
}

async function describeVariables(context: Context, name: string, withValues: boolean) {
  const query = withValues ? ({ values: 'true' } as const) : {}
  const { names, values } = await context.client.call('siteEnvironment', { params: { name }, query })
  const variables = names.map((variable) => ({ name: variable, ...(values && { value: values[variable] }) }))
  const line = ({ name: key, value }: { name: string; value?: string | undefined }) =>
    `${key}${value === undefined ? '' : `=${visibleText(value)}`}\n`
  return {
    document: { id: name, variables },
    text: () => (variables.length === 0 ? 'No variable is set.\n' : variables.map(line).join('')),
  }
}
