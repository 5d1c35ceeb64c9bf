import { appendFile, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { LogEntry } from '../../model/site-log.js'

/** Half of what one journal may take. */
const MOST_BYTES = 1024 ** 2

/** A flood of visits must not wash away what happened to the site itself: each kind has a file of its own. */
export type JournalKind = 'life' | 'visits'

/** What happened to each site, kept outside its reach: by the site's own id (names are reused), bounded, the oldest goes first. */
export interface Journals {
  add(uuid: string, kind: JournalKind, entries: LogEntry[]): Promise<void>
  /** The last ones, oldest first. */
  read(uuid: string, kind: JournalKind, count: number): Promise<LogEntry[]>
  /** Tells what is added from now on; answers how to stop. */
  follow(uuid: string, listen: (entries: LogEntry[]) => void): () => void
  /** Forgets the sites that are none of these. */
  keepOnly(uuids: ReadonlySet<string>): Promise<void>
}

export function openJournals(folder: string, mostBytes = MOST_BYTES): Journals {
  const listeners = new Map<string, Set<(entries: LogEntry[]) => void>>()
  const pathOf = (uuid: string, kind: JournalKind) => join(folder, uuid, `${kind}.jsonl`)
  let writing: Promise<void> = Promise.resolve()
  const write = async (path: string, entries: LogEntry[]) => {
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
    await appendFile(path, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''), { mode: 0o600 })
    if ((await stat(path)).size > mostBytes) await rename(path, `${path}.1`)
  }
  return {
    add(uuid, kind, entries) {
      for (const listen of listeners.get(uuid) ?? []) listen(entries)
      const written = writing.then(() => write(pathOf(uuid, kind), entries))
      writing = written.catch(() => undefined)
      return written
    },
    async read(uuid, kind, count) {
      const path = pathOf(uuid, kind)
      const newest = parse(await read(path))
      const older = newest.length < count ? parse(await read(`${path}.1`)) : []
      return [...older, ...newest].slice(-count)
    },
    follow(uuid, listen) {
      const those = listeners.get(uuid) ?? new Set()
      listeners.set(uuid, those.add(listen))
      return () => {
        those.delete(listen)
        if (those.size === 0) listeners.delete(uuid)
      }
    },
    async keepOnly(uuids) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      for (const uuid of await readdir(folder))
        if (!uuids.has(uuid)) await rm(join(folder, uuid), { recursive: true, force: true })
    },
  }
}

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
}

/** A line that a crash cut short is left out. */
function parse(text: string): LogEntry[] {
  return text.split('\n').flatMap((line) => {
    try {
      return [LogEntry.parse(JSON.parse(line))]
    } catch {
      return []
    }
  })
}
