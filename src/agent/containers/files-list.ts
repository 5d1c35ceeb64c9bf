import type { CallResult } from '../../model/calls.js'
import { AppError } from '../../model/errors.js'
import type { FileEntry } from '../../model/files.js'
import { boundItems } from './bounded.js'
import { insidePath, workOnFiles } from './files-program.js'
import type { Hive } from './hive.js'

const MAX_ENTRIES = 10_000
const TIMEOUT_MS = 10_000
const MAX_BYTES = 8 * 1024 ** 2
const FIELDS = 6

/** What is in a folder of the site, by name; at most 10,000 entries. */
export async function listFiles(hive: Hive, id: string, path: string): Promise<CallResult<'files.list'>> {
  const work = { verb: 'list', args: [insidePath(path)], timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES } as const
  const { stdout, isCut } = await workOnFiles(hive, id, work)
  const entries = parseEntries(stdout.toString('utf8')).sort((a, b) => (a.name < b.name ? -1 : 1))
  const { items, truncated } = boundItems(entries, MAX_ENTRIES)
  return { entries: items, truncated: truncated || isCut }
}

/**
 * Pure: six fields an entry, each ended by NUL: type, size, time, mode, name (or path), where a link leads. What ends in the middle was cut off.
 */
export function parseEntries(text: string, kind: 'name' | 'path' = 'name'): FileEntry[] {
  const fields = text.split('\0')
  return Array.from({ length: Math.floor((fields.length - 1) / FIELDS) }, (_, index) =>
    parseEntry(fields.slice(index * FIELDS, (index + 1) * FIELDS), kind === 'path'),
  )
}

function parseEntry(
  [kind = '', size = '', time = '', mode = '', name = '', target = '']: string[],
  isPath: boolean,
): FileEntry {
  if (name === '' || (name.includes('/') && !isPath) || !/^\d+$/.test(size) || !/^[0-7]{1,4}$/.test(mode))
    throw new AppError('host_failed', 'The site answered something that is not a list of files.')
  return {
    name,
    type: kind === 'd' ? 'folder' : kind === 'f' ? 'file' : kind === 'l' ? 'link' : 'other',
    sizeBytes: Number(size),
    modifiedAt: toTime(time),
    mode: Number.parseInt(mode, 8),
    ...(kind === 'l' && { linkTarget: target }),
  }
}

const LATEST_MS = 8.64e15

/** A file's time may be any number, dates may not. */
function toTime(seconds: string): string {
  const timeMs = Math.trunc(Number(seconds) * 1000)
  return new Date(Math.abs(timeMs) <= LATEST_MS ? timeMs : 0).toISOString()
}
