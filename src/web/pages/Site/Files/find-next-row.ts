import { folderOf } from './paths.js'
import type { TreeRow } from './plan-tree.js'

/** The row that a key moves to from this one, if any (WAI-ARIA Authoring Practices, tree view). */
export function findNextRow(rows: TreeRow[], row: TreeRow, key: string): TreeRow | undefined {
  const index = rows.indexOf(row)
  switch (key) {
    case 'ArrowDown':
      return rows[index + 1]
    case 'ArrowUp':
      return rows[index - 1]
    case 'Home':
      return rows[0]
    case 'End':
      return rows.at(-1)
    case 'ArrowRight':
      return row.open && rows[index + 1]?.level === row.level + 1 ? rows[index + 1] : undefined
    case 'ArrowLeft':
      return rows.find(({ path }) => path === folderOf(row.path))
    default:
      return undefined
  }
}
