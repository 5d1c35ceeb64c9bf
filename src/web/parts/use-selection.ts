import { useState } from 'react'
import type { Site } from '../../model/site.js'

export interface Selection {
  /** Of the sites in view, on every page of the list: what is not in view is not acted upon. */
  selected: Site[]
  all: boolean
  has: (name: string) => boolean
  select: (name: string, selected: boolean) => void
  /** All in view, or none when they all are already. */
  toggleAll: () => void
  /** These and no others. */
  keep: (names: string[]) => void
}

/** Whether the person may do anything at all with the site from a list. */
export const isSelectable = ({ rights }: Pick<Site, 'rights'>): boolean => rights.includes('power')

/** Which of the sites in view are selected. */
export function useSelection(shown: Site[]): Selection {
  const [names, setNames] = useState<ReadonlySet<string>>(new Set())
  const selectable = shown.filter(isSelectable)
  const all = selectable.length > 0 && selectable.every(({ name }) => names.has(name))
  return {
    selected: selectable.filter(({ name }) => names.has(name)),
    all,
    has: (name) => names.has(name),
    select: (name, selected) =>
      setNames(new Set(selected ? [...names, name] : [...names].filter((other) => other !== name))),
    toggleAll: () => setNames(new Set(all ? [] : selectable.map(({ name }) => name))),
    keep: (kept) => setNames(new Set(kept)),
  }
}
