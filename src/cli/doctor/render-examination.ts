import type { Check, Examination, Sign } from '../../model/doctor.js'
import { CHECKS } from '../../model/doctor-checks.js'
import { visibleText } from '../../model/visible-text.js'
import { formatDuration } from '../format.js'
import type { Paint, Style } from '../styles.js'

const STYLES = { broken: 'red', warning: 'yellow', unknown: 'cyan', ok: 'green' } as const satisfies Record<
  Check['level'],
  Style
>
const WIDTH = 8
const MARGIN = ' '.repeat(WIDTH + 1)

/** What is wrong first, each with what was seen and how to mend it; one line for each promise that holds. */
export function renderExamination({ checks, tookMs }: Examination, paint: Paint): string {
  const count = (level: Check['level']) => checks.filter((check) => check.level === level).length
  const [broken, warnings, unknown] = [count('broken'), count('warning'), count('unknown')]
  const sum = [`${broken} broken`, `${warnings} to look at`, `${unknown} unknown`, `${count('ok')} hold`].join(', ')
  const verdict = broken > 0 ? paint('red', 'A promise is broken') : paint('green', 'No promise is broken')
  return `${checks.map((check) => renderCheck(check, paint)).join('')}\n${verdict}: ${sum} (${formatDuration(tookMs)}).\n`
}

function renderCheck({ id, level, signs, more, reason, command }: Check, paint: Paint): string {
  const { promise, mend } = CHECKS[id]
  const lines = [`${paint(STYLES[level], level.padEnd(WIDTH))} ${promise} ${paint('dim', `(${id})`)}`]
  if (level === 'ok') return `${lines[0]}\n`
  if (reason !== undefined) lines.push(`${MARGIN}nobody could look: ${visibleText(reason)}`)
  lines.push(...signs.map((one) => MARGIN + renderSign(one)))
  if (more > 0) lines.push(`${MARGIN}and ${more} more`)
  if (level !== 'unknown') lines.push(`${MARGIN}${paint('cyan', 'hint:')} ${mend}`)
  if (command !== undefined) lines.push(`${MARGIN}${paint('cyan', '$')} ${visibleText(command)}`)
  return `${lines.join('\n')}\n`
}

function renderSign({ what, found, wanted }: Sign): string {
  return visibleText(`${what}: ${found}${wanted === undefined ? '' : ` (should be ${wanted})`}`)
}
