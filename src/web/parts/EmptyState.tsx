import type { ReactNode } from 'react'
import { Mark } from './Mark.js'

/** Says what will be here, and how to begin. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <Mark size={64} />
      <h2>{title}</h2>
      {children}
    </div>
  )
}
