import { Cron } from 'croner'

const MOST_LINES = 100
const FIVE_TIMES = /^(@(?:hourly|daily|weekly|monthly)|\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+\S/

/**
 * When the next of the lines of a crontab(5) is due (in UTC, as the site's own supervisor reads them), or undefined when none ever is. A line that is not
 * understood is none: it does not run either.
 */
export function findNextDue(crontab: string, from: Date): Date | undefined {
  const times = crontab
    .split('\n', MOST_LINES)
    .map((line) => FIVE_TIMES.exec(line.trim())?.[1])
    .filter((pattern) => pattern !== undefined && !pattern.startsWith('#'))
    .map((pattern) => nextOf(pattern as string, from))
    .filter((date) => date !== undefined)
  return times.reduce<Date | undefined>((first, date) => (first && first <= date ? first : date), undefined)
}

function nextOf(pattern: string, from: Date): Date | undefined {
  try {
    return new Cron(pattern, { timezone: 'UTC' }).nextRun(from) ?? undefined
  } catch {
    return undefined
  }
}
