import type { Command } from 'commander'
import { IdleMinutes } from '../../model/sleep.js'
import { checkInput, checkSiteName, invalidInput } from '../check-input.js'
import type { Context } from '../context.js'
import { followOrLeave } from '../follow.js'
import { describeSite } from '../render-site.js'

const NEVER = 'never'
const UNIT_MINUTES = { m: 1, h: 60, d: 1440 } as const

export function defineSleep(command: Command, open: () => Context): void {
  command
    .argument('<name>', 'name of the site')
    .option('--after <time>', 'instead of now: whenever nobody came for so long, as in 30m or 2h; never')
    .option('--no-wait', 'answer at once with the operation')
    .action(async (text: string, { after, wait }: { after?: string; wait: boolean }) => {
      const context = open()
      const name = checkSiteName(text)
      if (after === undefined) {
        const { operation } = await context.client.call('sleepSite', { params: { name } })
        return followOrLeave(context, operation, wait, () => describeSite(context, name))
      }
      const body = { idleMinutes: parseIdleMinutes(after) }
      const site = await context.client.call('setIdleTime', { params: { name }, body })
      const when = body.idleMinutes === null ? 'never falls asleep' : `falls asleep after ${body.idleMinutes} minutes`
      context.print({ id: name, idleMinutes: site.idleMinutes }, () => `${name} ${when}.\n`)
    })
}

/** `30m`, `2h`, `1d`, or `never` (null). AppError `invalid`. */
export function parseIdleMinutes(text: string): number | null {
  if (text === NEVER) return null
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? []
  if (count === undefined) throw invalidInput('after', `${text} is not a time`, 'as in 30m, 2h, 1d, or never')
  return checkInput(IdleMinutes, Number(count) * UNIT_MINUTES[unit as keyof typeof UNIT_MINUTES], 'after')
}
