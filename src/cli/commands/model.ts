import type { Command } from 'commander'
import { ModelFor } from '../../model/site-model.js'
import { checkInput, checkSiteName } from '../check-input.js'
import type { Context } from '../context.js'

const SAID: Record<ModelFor, string> = {
  nobody: 'is no model',
  owner: 'is a model for its owner',
  everybody: 'is a model for everybody who may create sites',
}

export function defineModel(command: Command, open: () => Context): void {
  command
    .argument('<name>', 'name of the site')
    .option('--for <whom>', 'nobody, owner or everybody: whose new sites may begin as a copy of it')
    .addHelpText(
      'after',
      '\nA new site out of it: ruche create NAME --model MODEL. It gets files, database and packages, not the variables of somebody else.',
    )
    .action(async (text: string, options: { for?: string }) => {
      const wanted = options.for
      const modelFor =
        wanted === undefined ? undefined : checkInput(ModelFor, wanted, 'for', 'nobody, owner or everybody')
      const context = open()
      const params = { name: checkSiteName(text) }
      const site = await (modelFor === undefined
        ? context.client.call('getSite', { params })
        : context.client.call('setModel', { params, body: { modelFor } }))
      context.print({ id: site.name, modelFor: site.modelFor }, () => `${site.name} ${SAID[site.modelFor]}.\n`)
    })
}
