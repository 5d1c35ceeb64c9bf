import { open, stat } from 'node:fs/promises'
import * as z from 'zod'

/** What is read of one look: who floods the log is not all counted, and does not keep the server busy. */
const MOST_BYTES = 8 * 1024 ** 2

/** A line of the front proxy's access log about a site, as far as it is used; what it holds came from visitors. */
const Request = z.object({
  /** Seconds since 1970. */
  at: z.number(),
  site: z.string().min(1),
  host: z.string().default(''),
  address: z.string().default(''),
  method: z.string().default(''),
  uri: z.string().default(''),
  status: z.number().default(0),
  sentBytes: z.number().default(0),
  seconds: z.number().default(0),
  agent: z.string().default(''),
})
/** A request that was answered for a site. */
export type VisitedRequest = z.output<typeof Request>

/** The front proxy's access log, read as it grows. */
export interface AccessLog {
  /** What was written since the last look, whole lines only. */
  read(): Promise<VisitedRequest[]>
}

/** `path`: the access log; it may be moved aside and begun anew at any time. */
export function openAccessLog(path: string): AccessLog {
  let at: { inode: number; offset: number } | undefined
  return {
    async read() {
      // It is asked so often that opening it for nothing is most of what an idle server would do.
      const seen = await stat(path).catch(() => undefined)
      if (seen === undefined || (seen.ino === at?.inode && seen.size === at.offset)) return []
      const file = await open(path, 'r').catch(() => undefined)
      if (file === undefined) return []
      try {
        const { ino: inode, size } = await file.stat()
        const isSame = at?.inode === inode && at.offset <= size
        // What was written before the first look is not of interest; of a new file all is.
        const from = isSame && at ? at.offset : at === undefined ? size : 0
        const start = Math.max(from, size - MOST_BYTES)
        const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start)
        const end = buffer.subarray(0, bytesRead).lastIndexOf(0x0a) + 1
        at = { inode, offset: start + end }
        return readRequests(buffer.toString('utf8', 0, end))
      } finally {
        await file.close()
      }
    },
  }
}

/** Pure: the requests of sites in that text; what is no line of ours is passed over. */
export function readRequests(text: string): VisitedRequest[] {
  return text.split('\n').flatMap((row) => parse(row) ?? [])
}

function parse(row: string): VisitedRequest | undefined {
  try {
    return Request.safeParse(JSON.parse(row)).data
  } catch {
    return undefined
  }
}
