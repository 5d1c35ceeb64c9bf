import type { Command } from 'commander'
import { visibleText } from '../../model/visible-text.js'
import { checkSiteName, invalidInput, parseCount } from '../check-input.js'
import type { Context } from '../context.js'
import { findNewLines, type LogLine } from '../new-lines.js'

const FOLLOW_MS = 1000
const MAX_LINES = 2000

interface Options {
  lines: string
  follow?: boolean
}

export function defineLogs(command: Command, open: () => Context): void {
  command
    .argument('<name>', 'name of the site')
    .option('-n, --lines <count>', 'how many lines', '100')
    .option('-f, --follow', 'go on with new lines until interrupted')
    .action(async (text: string, options: Options) => {
      const context = open()
      const name = checkSiteName(text)
      const lines = Math.min(parseCount(options.lines, 'lines'), MAX_LINES)
      if (lines < 1) throw invalidInput('lines', 'at least 1')
      if (options.follow && context.json) throw invalidInput('follow', 'a document has an end: --follow or --json')
      const read = async (count: number) =>
        (await context.client.call('siteLogs', { params: { name }, query: { lines: count } })).lines
      const first = await read(lines)
      context.print({ lines: first }, () => renderLines(first, context))
      if (options.follow) await followLines(() => read(MAX_LINES), context)
    })
}

async function followLines(read: () => Promise<LogLine[]>, context: Context): Promise<never> {
  let before = await read()
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, FOLLOW_MS))
    const now = await read()
    process.stdout.write(renderLines(findNewLines(before, now), context))
    before = now
  }
}

function renderLines(lines: LogLine[], { paint }: Pick<Context, 'paint'>): string {
  const width = Math.max(0, ...lines.map((line) => line.source.length))
  return lines
    .map(
      (line) =>
        `${paint('dim', visibleText(line.source.padEnd(width)))}  ${visibleText(line.text.replace(/\r$/, ''))}\n`,
    )
    .join('')
}
