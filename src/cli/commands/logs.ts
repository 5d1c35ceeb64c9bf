import type { Command } from 'commander'
import { AppError } from '../../model/errors.js'
import { LOG_LEVELS, type LogEntry, LogFilter, type LogLevel, MOST_LOG_LINES } from '../../model/site-log.js'
import { visibleText } from '../../model/visible-text.js'
import { checkSiteName, invalidInput, parseCount } from '../check-input.js'
import type { Context } from '../context.js'
import type { Paint } from '../styles.js'

interface Options {
  lines: string
  follow?: boolean
  level?: string
  source?: string
  search?: string
}

export function defineLogs(command: Command, open: () => Context): void {
  command
    .argument('<name>', 'name of the site')
    .option('-n, --lines <count>', 'how many lines', '100')
    .option('-f, --follow', 'go on with new lines until interrupted')
    .option('--level <level>', `only what is at least so pressing: ${LOG_LEVELS.join(', ')}`)
    .option('--source <names>', 'only of these, with commas: life, visits, console, and the services')
    .option('--search <text>', 'only lines with this text')
    .action(async (text: string, options: Options) => {
      const context = open()
      const name = checkSiteName(text)
      const lines = Math.min(parseCount(options.lines, 'lines'), MOST_LOG_LINES)
      if (lines < 1) throw invalidInput('lines', 'at least 1')
      if (options.follow && context.json) throw invalidInput('follow', 'a document has an end: --follow or --json')
      const filter = readFilter(options)
      const params = { name }
      const first = (await context.client.call('siteLogs', { params, query: { ...filter, lines } })).lines
      context.print({ lines: first }, () => renderLines(first, context))
      if (options.follow) await followLines(context, { params, query: filter })
    })
}

function readFilter({ level, source, search }: Options): LogFilter {
  if (level !== undefined && !LOG_LEVELS.includes(level as LogLevel))
    throw invalidInput('level', `one of ${LOG_LEVELS.join(', ')}`)
  const filter = LogFilter.safeParse({ level, sources: source, text: search })
  if (filter.success) return filter.data
  throw invalidInput('source', 'names with commas between, as in php,visits')
}

async function followLines(context: Context, input: Parameters<Context['client']['followLogs']>[0]): Promise<never> {
  const signal = new AbortController().signal
  for await (const lines of context.client.followLogs(input, signal)) process.stdout.write(renderLines(lines, context))
  throw new AppError('unavailable', 'The connection ended.', {
    hint: 'the site, or the right to see this, may be gone',
  })
}

const COLORS = { info: 'dim', warning: 'yellow', error: 'red' } as const

/** What a site writes is only ever text: nothing of it reaches the terminal as a command. */
function renderLines(lines: LogEntry[], { paint }: { paint: Paint }): string {
  return lines
    .map(({ at, source, level, text }) => {
      const time = at === undefined ? ' '.repeat(19) : at.slice(0, 19).replace('T', ' ')
      const head = `${paint('dim', time)}  ${paint(COLORS[level], visibleText(source.padEnd(10)))}`
      return `${head}  ${visibleText(text.replace(/\r$/, ''))}\n`
    })
    .join('')
}
