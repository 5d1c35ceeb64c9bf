import type { Stats } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ACTS_PER_PAGE, type Act, type AuditFilter, type AuditPage } from '../model/audit.js'
import { listFull } from './audit-file.js'

/** What is read at once; a line is at most a few kilobytes. */
const PIECE_BYTES = 64 * 1024
/** So much is looked through for one page at most. */
const MOST_BYTES = 8 * 1024 ** 2
/** How far after a place the ends of acts before it are looked for. */
const AHEAD_BYTES = 256 * 1024

interface Place {
  file: number
  offset: number
}

/** Lines of the log from some place backwards, each with where it begins. */
type Lines = AsyncGenerator<{ text: string; place: Place }>

/**
 * One page of the audit log below that path, newest first. Set-aside files keep their inode, so that a place in them stays one when the
 * newest is set aside; a place in a file that is gone is the end of the log.
 */
export async function readAudit(
  path: string,
  { before, ...filter }: AuditFilter & { before?: string | undefined },
): Promise<AuditPage> {
  const files = await findFiles(path)
  const from = before === undefined ? undefined : parsePlace(before)
  const outcomes = from ? await readEndsAfter(files, from) : new Map<string, string>()
  const page: AuditPage = { acts: [] }
  let read = 0
  for await (const { text, place } of readBackwards(files, from)) {
    const line = parseLine(text)
    read += text.length
    if (line && line['outcome'] !== undefined) outcomes.set(String(line['act']), String(line['outcome']))
    else if (line) {
      const act = describeAct(line, outcomes)
      if (matches(act, filter)) page.acts.push(act)
    }
    if (page.acts.length === ACTS_PER_PAGE || read > MOST_BYTES)
      return { ...page, next: `${place.file}-${place.offset}` }
  }
  return page
}

function parsePlace(text: string): Place {
  const [file = 0, offset = 0] = text.split('-').map(Number)
  return { file, offset }
}

/** The newest first. */
async function findFiles(path: string): Promise<{ path: string; stats: Stats }[]> {
  const paths = [
    path,
    ...listFull(path)
      .reverse()
      .map((name) => join(dirname(path), name)),
  ]
  // One that is set aside or goes in this moment is not there any more under that name.
  const found = await Promise.all(
    paths.map((one) =>
      stat(one).then(
        (stats) => [{ path: one, stats }],
        () => [],
      ),
    ),
  )
  return found.flat()
}

async function* readBackwards(files: { path: string; stats: Stats }[], from?: Place): Lines {
  const first = from ? files.findIndex(({ stats }) => stats.ino === from.file) : 0
  if (first < 0) return
  for (const [index, { path, stats }] of files.slice(first).entries()) {
    const file = await open(path)
    try {
      yield* readFileBackwards(file, stats.ino, index === 0 && from ? Math.min(from.offset, stats.size) : stats.size)
    } finally {
      await file.close()
    }
  }
}

async function* readFileBackwards(file: FileHandle, inode: number, end: number): Lines {
  let start = end
  /** The end of a line whose beginning lies before `start`. */
  let rest = ''
  while (start > 0) {
    const size = Math.min(PIECE_BYTES, start)
    start -= size
    const lines = ((await readPiece(file, start, size)) + rest).split('\n')
    rest = start > 0 ? (lines.shift() ?? '') : ''
    let offset = start + rest.length + (start > 0 ? 1 : 0) + lines.join('\n').length
    for (const text of lines.reverse()) {
      offset -= text.length
      if (text !== '') yield { text, place: { file: inode, offset } }
      offset -= 1
    }
  }
}

/** The log is ASCII: a byte is a character. */
async function readPiece(file: FileHandle, start: number, size: number): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, start)
  return buffer.toString('latin1', 0, bytesRead)
}

/** How acts before a place ended that was written after it. */
async function readEndsAfter(files: { path: string; stats: Stats }[], from: Place): Promise<Map<string, string>> {
  const ends = new Map<string, string>()
  const first = files.findIndex(({ stats }) => stats.ino === from.file)
  let left = AHEAD_BYTES
  for (let index = first; index >= 0 && left > 0; index -= 1) {
    const text = await readFrom(files[index]?.path ?? '', index === first ? from.offset : 0, left)
    left -= text.length
    for (const line of text.split('\n').map(parseLine))
      if (line?.['outcome'] !== undefined) ends.set(String(line['act']), String(line['outcome']))
  }
  return ends
}

async function readFrom(path: string, start: number, size: number): Promise<string> {
  const file = await open(path)
  try {
    return await readPiece(file, start, size)
  } finally {
    await file.close()
  }
}

/** A line that was cut short by a full disk or a power cut is none. */
function parseLine(text: string): Record<string, unknown> | undefined {
  try {
    const line: unknown = JSON.parse(text)
    return typeof line === 'object' && line !== null ? { ...line } : undefined
  } catch {
    return undefined
  }
}

function describeAct(line: Record<string, unknown>, outcomes: Map<string, string>): Act {
  const { time, actor, act, call, id, ...facts } = line
  const outcome = outcomes.get(String(act))
  return {
    id: String(act),
    time: String(time),
    actor: String(actor),
    call: String(call),
    ...(id !== undefined && { site: String(id) }),
    ...(outcome !== undefined && { outcome }),
    facts: Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, asText(value)])),
  }
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function matches(act: Act, filter: AuditFilter): boolean {
  const has = (value: string | undefined, part = ''): boolean =>
    part === '' || (value ?? '').toLowerCase().includes(part.toLowerCase())
  return has(act.actor, filter.actor) && has(act.site, filter.site) && has(act.call, filter.call)
}
