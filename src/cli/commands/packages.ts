import type { Command } from 'commander'
import { ExtraPackages } from '../../model/debian-package.js'
import { checkInput, checkSiteName, invalidInput } from '../check-input.js'
import type { Context } from '../context.js'
import { followOrLeave } from '../follow.js'

export function definePackages(command: Command, open: () => Context): void {
  command
    .argument('<name>', 'name of the site')
    .argument('[words...]', 'list, add PACKAGE… or remove PACKAGE…')
    .option('--no-wait', 'answer at once with the operation')
    .addHelpText(
      'after',
      '\nExample: ruche packages shop add imagemagick\nPackages come from Debian’s archive. The first site with the same ones waits some minutes for them; each is started anew.',
    )
    .action(async (text: string, words: string[], { wait }: { wait: boolean }) => {
      const change = planPackages(words)
      const context = open()
      const name = checkSiteName(text)
      const look = async () => {
        const { packages } = await context.client.call('getSite', { params: { name } })
        const shown = packages.length === 0 ? 'It has the packages of its stack, no others.' : packages.join('\n')
        return { packages, document: { id: name, packages }, text: () => `${shown}\n` }
      }
      const before = await look()
      if (!change) return context.print(before.document, before.text)
      const packages = checkInput(ExtraPackages, change(before.packages), 'package', 'as in imagemagick')
      const { operation } = await context.client.call('setPackages', { params: { name }, body: { packages } })
      await followOrLeave(context, operation, wait, look)
    })
}

/** What the words make of the packages that are there; undefined: they are only shown. */
export function planPackages([verb = 'list', ...names]: string[]): ((before: string[]) => string[]) | undefined {
  if (verb === 'list' && names.length === 0) return undefined
  if (names.length > 0 && verb === 'add') return (before) => [...before, ...names]
  if (names.length > 0 && verb === 'remove') return (before) => withoutAll(before, names)
  throw invalidInput('words', `${[verb, ...names].join(' ')}: list, add PACKAGE… or remove PACKAGE…`, 'add imagemagick')
}

function withoutAll(before: string[], names: string[]): string[] {
  const stranger = names.find((name) => !before.includes(name))
  if (stranger === undefined) return before.filter((name) => !names.includes(name))
  const hint = before.length === 0 ? 'it has none besides those of its stack' : `it has ${before.join(', ')}`
  throw invalidInput('package', `${stranger} is not one that the site has besides its stack`, hint)
}
