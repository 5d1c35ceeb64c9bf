import type { Command } from 'commander'
import { checkSiteName } from '../check-input.js'
import type { Context } from '../context.js'
import { renderPrograms } from '../render-programs.js'
import { renderSite, siteDocument } from '../render-site.js'

export function defineShow(command: Command, open: () => Context): void {
  command.argument('<name>', 'name of the site').action(async (text: string) => {
    const context = open()
    const params = { name: checkSiteName(text) }
    const site = await context.client.call('getSite', { params })
    // A site that does not answer is shown all the same.
    const programs = await context.client.call('sitePrograms', { params }).catch(() => undefined)
    const parts = () => renderSite(site, context) + (programs ? renderPrograms(programs, context) : '')
    context.print({ ...siteDocument(site), ...(programs && { programs }) }, parts)
  })
}
