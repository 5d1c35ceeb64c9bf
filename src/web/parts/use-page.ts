import { useState } from 'react'

/** More rows than these are not drawn at once. */
const SIZE = 50

/** One page of a long list; when it gets shorter, the last that there is. What the pager under it needs comes along. */
export function usePage<T>(all: T[]): {
  rows: T[]
  pager: { page: number; size: number; count: number; onPage: (page: number) => void }
} {
  const [wanted, setPage] = useState(0)
  const page = Math.min(wanted, Math.max(0, Math.ceil(all.length / SIZE) - 1))
  return {
    rows: all.slice(page * SIZE, (page + 1) * SIZE),
    pager: { page, size: SIZE, count: all.length, onPage: setPage },
  }
}
