import { open } from 'node:fs/promises'
import * as z from 'zod'

/** What is read of one look: who floods the log is no visitor less, and does not keep the server busy. */
const MOST_BYTES = 8 * 1024 ** 2
/** Programs that look at every site again and again, by what they call themselves. */
const MACHINES = /bot\b|crawl|spider|slurp|uptime|monitor|pingdom|statuscake|check_http|blackbox|feedfetcher/i

/** A line of the front proxy's access log, as far as visits go; what it holds came from visitors. */
const Line = z.object({ at: z.number(), site: z.string().min(1), agent: z.string().optional() })

/** Who came to which site, from the front proxy's access log. */
export interface Visits {
  /** Reads what was written since the last look. Answers when somebody who is no known machine last came to each site that was visited since. */
  look(): Promise<Map<string, number>>
}

/** `path`: the access log; it may be moved aside and begun anew at any time. */
export function openVisits(path: string): Visits {
  let at: { inode: number; offset: number } | undefined
  return {
    async look() {
      const file = await open(path, 'r').catch(() => undefined)
      if (file === undefined) return new Map()
      try {
        const { ino: inode, size } = await file.stat()
        const isSame = at?.inode === inode && at.offset <= size
        // What was written before the first look is not of interest; of a new file all is.
        const from = isSame && at ? at.offset : at === undefined ? size : 0
        const start = Math.max(from, size - MOST_BYTES)
        const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start)
        const end = buffer.subarray(0, bytesRead).lastIndexOf(0x0a) + 1
        at = { inode, offset: start + end }
        return readVisits(buffer.toString('utf8', 0, end))
      } finally {
        await file.close()
      }
    },
  }
}

/** Pure: the last visit to each site, in milliseconds since 1970. */
export function readVisits(text: string): Map<string, number> {
  const last = new Map<string, number>()
  for (const row of text.split('\n')) {
    const line = parse(row)
    if (line === undefined || MACHINES.test(line.agent ?? '')) continue
    last.set(line.site, Math.max(last.get(line.site) ?? 0, line.at * 1000))
  }
  return last
}

function parse(row: string): z.infer<typeof Line> | undefined {
  try {
    return Line.safeParse(JSON.parse(row)).data
  } catch {
    return undefined
  }
}
