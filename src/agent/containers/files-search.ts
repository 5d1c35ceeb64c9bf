import type { CallParams, CallResult } from '../../model/calls.js'
import type { FoundFile } from '../../model/files.js'
import { boundItems } from './bounded.js'
import { parseEntries } from './files-list.js'
import { insidePath, workOnFiles } from './files-program.js'
import type { Hive } from './hive.js'

const TIMEOUT_MS = 20_000
const MAX_BYTES = 2 * 1024 ** 2
const MAX_FOUND = 500
const MAX_TEXT = 300

/** Names below a folder that contain a text, or places in its text files; upper and lower case are one. At most 500, and what 20 s find. */
export async function searchFiles(
  hive: Hive,
  { id, path, text, where }: CallParams<'files.search'>,
): Promise<CallResult<'files.search'>> {
  const command =
    where === 'names'
      ? ({ verb: 'find', args: [insidePath(path), `*${escapePattern(text)}*`] } as const)
      : ({ verb: 'grep', args: [insidePath(path), text] } as const)
  const bounds = { timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES, partial: true }
  const { stdout, isCut } = await workOnFiles(hive, id, { ...command, ...bounds })
  const said = stdout.toString('utf8')
  const found = where === 'names' ? toNames(said) : parseMatches(said)
  const below = path === '' ? '' : `${path}/`
  const { items, truncated } = boundItems(
    found.map((each) => ({ ...each, path: below + each.path })),
    MAX_FOUND,
  )
  return { found: items, truncated: truncated || isCut }
}

/** Pure: the text itself, for find(1), which takes patterns. */
export function escapePattern(text: string): string {
  return text.replace(/[\\*?[\]]/g, '\\$&')
}

function toNames(said: string): FoundFile[] {
  return parseEntries(said, 'path').map(({ name, type }) => ({ path: name, type }))
}

/** Pure: what `grep -nZ` says: path, NUL, number of the line, colon, the line. A path may hold new lines, a line no NUL. */
export function parseMatches(said: string): FoundFile[] {
  const found: FoundFile[] = []
  const match = /(?:\.\/)?([^\0]+)\0(\d+):([^\n\0]*)\n/gy
  for (let each = match.exec(said); each; each = match.exec(said)) {
    const [, path = '', line = '', text = ''] = each
    found.push({ path, type: 'file', line: Number(line), text: text.slice(0, MAX_TEXT) })
  }
  return found
}
