import type { ProgramEnd, SitePrograms } from '../model/site-programs.js'
import { visibleText } from '../model/visible-text.js'
import type { Context } from './context.js'
import { formatTime } from './format.js'
import { renderPairs } from './render-table.js'

/** The owner's programs and the lines of the crontab, for people; nothing where there are none. */
export function renderPrograms(
  { installing, installFailed, programs, cron }: SitePrograms,
  { paint }: Pick<Context, 'paint'>,
): string {
  const failed = installFailed === undefined ? '' : `what the code needs could not be installed (code ${installFailed})`
  const pairs: [string, string | undefined][] = [
    ['installing', installing ? 'what the code needs is being installed' : failed || undefined],
    ...programs.map(({ name, state, crashes, lastEnd, againAt }): [string, string] => [
      `program ${visibleText(name)}`,
      [state, againAt && `again at ${formatTime(againAt)}`, lastEnd && `${describeEnd(lastEnd)} (crash ${crashes})`]
        .filter(Boolean)
        .join(', '),
    ]),
    ...cron.map(({ line, times, command, nextAt, lastEnd }): [string, string] => [
      `cron ${line}`,
      [`${times}  ${command}`, nextAt && `next ${formatTime(nextAt)}`, lastEnd && describeEnd(lastEnd)]
        .filter(Boolean)
        .join(', '),
    ]),
  ]
  return renderPairs(pairs, (name) => paint('dim', name))
}

function describeEnd({ code, signal, at }: ProgramEnd): string {
  return `${signal === undefined ? `ended with code ${code}` : `ended by signal ${signal}`} at ${formatTime(at)}`
}
