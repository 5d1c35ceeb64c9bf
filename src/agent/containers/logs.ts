import { boundItems } from './bounded.js'
import { getContainer, type Hive } from './hive.js'
import { runInside } from './inside.js'

const TIMEOUT_MS = 5000
const MAX_BYTES = 128 * 1024
const MAX_LINE_CHARACTERS = 4096
const MAX_LINES = 20_000

export interface LogLine {
  source: string
  text: string
}

/** The last lines of the console and of each service's own log, in this order. What a site writes there is hostile: it is only ever text. */
export async function readLogs(hive: Hive, id: string, lines: number): Promise<{ lines: LogLine[] }> {
  const { record } = getContainer(hive, id)
  const { manifest } = await hive.templates.get(record.template)
  const sources = await Promise.all([
    hive.consoles.tail(id).then((text) => lastLines('console', text, lines)),
    ...manifest.services.map(async ({ name, log }) =>
      log === undefined ? [] : lastLines(name, await readInside(hive, id, log), lines),
    ),
  ])
  return { lines: boundItems(sources.flat(), MAX_LINES).items }
}

/** Pure: the last lines of a text whose beginning may be cut off. */
export function lastLines(source: string, text: string, lines: number): LogLine[] {
  const all = text.split('\n')
  if (all.at(-1) === '') all.pop()
  return all.slice(-lines).map((line) => ({ source, text: line.replace(/\r$/, '').slice(0, MAX_LINE_CHARACTERS) }))
}

/** Whatever the site may have put in the log's place (nothing, a FIFO, a flood), the answer is short and soon. */
async function readInside(hive: Hive, id: string, path: string): Promise<string> {
  const argv = ['tail', '-c', String(MAX_BYTES), '--', path]
  const program = { uid: 0, cwd: '/', argv, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES }
  const answer = await runInside(hive, id, program).catch((error: unknown) => {
    hive.log.info('log not read', { id, error })
    return undefined
  })
  return answer?.stdout.toString('utf8') ?? ''
}
