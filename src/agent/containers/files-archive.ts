import type { CallParams, CallResult } from '../../model/calls.js'
import type { ArchiveEntry } from '../../model/files.js'
import { boundItems } from './bounded.js'
import type { Caller } from './caller.js'
import { insidePath, insidePathBelowHome, keepBytes, streamFiles, workOnFiles } from './files-program.js'
import type { Hive } from './hive.js'

const UNPACK_TIMEOUT_MS = 1_800_000
const PEEK_TIMEOUT_MS = 60_000
const FOUND_TIMEOUT_MS = 10_000
const MAX_BYTES = 4 * 1024 ** 2
const MAX_ENTRIES = 10_000

/** What is in an archive, and what of it is in the folder `into` already; at most 10,000 entries. */
export async function peekIntoArchive(
  hive: Hive,
  { id, path, into }: CallParams<'files.peek'>,
): Promise<CallResult<'files.peek'>> {
  const args = [insidePathBelowHome(path)]
  const work = { verb: 'peek', args, timeoutMs: PEEK_TIMEOUT_MS, maxBytes: MAX_BYTES, partial: true } as const
  const { stdout, isCut } = await workOnFiles(hive, id, work)
  const { items, truncated } = boundItems(parseListing(stdout.toString('utf8'), isCut), MAX_ENTRIES)
  const there = await findThere(
    hive,
    id,
    into,
    items.map((entry) => entry.path),
  )
  return {
    entries: items.map((entry) => ({ ...entry, exists: there.has(entry.path) })),
    truncated: truncated || isCut,
  }
}

type ListedEntry = Omit<ArchiveEntry, 'exists'>

/** Mode, links, owner, group, size (or device numbers), date of 12 characters, name. */
const LINE = /^([-a-z])\S{9}\s+\d+\s+\S+\s+\S+\s+(\d+|\d+,\s*\d+)\s.{12}\s(.*)$/
const TYPES: Record<string, ListedEntry['type']> = { '-': 'file', d: 'folder', l: 'link', h: 'file' }

/**
 * Pure: what `bsdtar -tv` says. It writes what cannot be printed as \\n or \\033; what leads out of the folder is not laid, so it is not listed.
 */
export function parseListing(text: string, isCut: boolean): ListedEntry[] {
  const lines = text.split('\n')
  // The last one is empty, or was cut off.
  if (isCut || lines.at(-1) === '') lines.pop()
  return lines.flatMap((line) => {
    const [, kind = '', size = '', rest = ''] = LINE.exec(line) ?? []
    const type = TYPES[kind] ?? 'other'
    const name = type === 'link' ? rest.replace(/ -> .*$/, '') : rest.replace(/ link to .*$/, '')
    const path = name.replace(/^(\.?\/)+/, '').replace(/\/+$/, '')
    const leadsOut = path === '' || path === '.' || path.split('/').includes('..')
    return leadsOut ? [] : [{ path, type, sizeBytes: Number(size) || 0 }]
  })
}

async function findThere(hive: Hive, id: string, into: string, paths: string[]): Promise<Set<string>> {
  if (paths.length === 0) return new Set()
  const { stdout } = await workOnFiles(hive, id, {
    verb: 'found',
    args: [insidePath(into)],
    stdin: Buffer.from(paths.map((path) => `${path}\0`).join('')),
    timeoutMs: FOUND_TIMEOUT_MS,
    maxBytes: MAX_BYTES,
  })
  return new Set(stdout.toString('utf8').split('\0'))
}

/** Lays what is in an archive into a folder. The caller who hangs up ends it; then, and when it fails, nothing was laid. */
export async function unpackArchive(
  hive: Hive,
  { id, path, into, replace }: CallParams<'files.unpack'>,
  caller: Caller,
): Promise<void> {
  const args = [insidePathBelowHome(path), insidePath(into), replace ? 'replace' : 'new']
  const { stdin, hungUp } = caller
  const work = { verb: 'unpack', args, timeoutMs: UNPACK_TIMEOUT_MS } as const
  await streamFiles(hive, id, work, { stdin, stdout: keepBytes(0).stream, hungUp })
}
