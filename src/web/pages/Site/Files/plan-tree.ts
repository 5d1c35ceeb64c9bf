import type { FileEntry } from '../../../../model/files.js'
import { joinPath } from './paths.js'

/** What is known of a folder: its entries, or that they are on their way. */
export interface FolderState {
  entries?: FileEntry[] | undefined
  truncated?: boolean | undefined
  failed?: boolean | undefined
}

export interface TreeRow {
  path: string
  name: string
  level: number
  type: FileEntry['type'] | 'loading' | 'failed' | 'truncated'
  open: boolean
  mode?: number
}

const compare = new Intl.Collator(undefined, { numeric: true }).compare

/** Folders first, then by name. */
function sortEntries(entries: FileEntry[]): FileEntry[] {
  const rank = ({ type }: FileEntry) => (type === 'folder' ? 0 : 1)
  return entries.toSorted((a, b) => rank(a) - rank(b) || compare(a.name, b.name))
}

/** The rows of the tree from top to bottom, as far as its folders are open and known. */
export function planTree(
  folders: ReadonlyMap<string, FolderState>,
  open: ReadonlySet<string>,
  folder = '',
  level = 1,
): TreeRow[] {
  const note = (type: TreeRow['type']): TreeRow => ({
    path: joinPath(folder, `/${type}`),
    name: '',
    level,
    type,
    open: false,
  })
  const { entries, truncated, failed } = folders.get(folder) ?? {}
  if (!entries) return [note(failed ? 'failed' : 'loading')]
  const rows = sortEntries(entries).flatMap((entry): TreeRow[] => {
    const path = joinPath(folder, entry.name)
    const isOpen = entry.type === 'folder' && open.has(path)
    const row: TreeRow = { path, name: entry.name, level, type: entry.type, open: isOpen, mode: entry.mode }
    return isOpen ? [row, ...planTree(folders, open, path, level + 1)] : [row]
  })
  return truncated ? [...rows, note('truncated')] : rows
}
