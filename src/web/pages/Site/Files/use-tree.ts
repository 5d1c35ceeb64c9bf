import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { folderQuery } from '../../../api/files.js'
import { folderOf, foldersDownTo } from './paths.js'
import { type FolderState, planTree, type TreeRow } from './plan-tree.js'

interface Tree {
  rows: TreeRow[]
  active: string
  setActive: (path: string) => void
  toggle: (path: string, open: boolean) => void
  /** Opens all folders down to a path and makes it the active row. */
  reveal: (path: string, itself?: boolean) => void
  error: Error | undefined
}

/** The tree of a site's files. A folder is asked for when it is first opened. */
export function useTree(site: string, shown: string | undefined): Tree {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set(['public', ...foldersDownTo(folderOf(shown ?? ''))]))
  const [active, setActive] = useState(shown ?? 'public')
  const wanted = ['', ...open]
  const folders = useQueries({
    queries: wanted.map((path) => folderQuery(site, path)),
    combine: (results) => ({
      states: new Map(
        results.map(({ data, isError }, index): [string, FolderState] => [
          wanted[index] ?? '',
          { ...data, failed: isError },
        ]),
      ),
      error: results[0]?.error ?? undefined,
    }),
  })
  const rows = planTree(folders.states, open)
  const toggle = (path: string, isOpen: boolean) =>
    setOpen((before) => new Set(isOpen ? [...before, path] : [...before].filter((other) => other !== path)))
  return {
    rows,
    active: rows.some(({ path }) => path === active) ? active : (rows[0]?.path ?? ''),
    setActive,
    toggle,
    reveal: (path, itself = false) => {
      setOpen((before) => new Set([...before, ...foldersDownTo(itself ? path : folderOf(path))]))
      setActive(path)
    },
    error: folders.error,
  }
}
