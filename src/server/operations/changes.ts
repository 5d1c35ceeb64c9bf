import type { ShownAnnouncement } from '../../model/announcement.js'
import type { Operation } from '../../model/operation.js'
import type { SharedSite } from '../access/allowed.js'

/** Something that pages may show has changed. A site is named only: who is told asks for it as that person may see it. */
export type Change =
  | { type: 'site'; name: string }
  | { type: 'siteGone'; name: string; site: SharedSite }
  /** Who may do what with a site is another now than it was with `before`. */
  | { type: 'rights'; name: string; before: SharedSite }
  /** Somebody has connected to the SSH of a site. */
  | { type: 'ssh'; name: string }
  | { type: 'operation'; operation: Operation }
  | { type: 'templates' }
  /** Those that are shown now. */
  | { type: 'announcements'; announcements: ShownAnnouncement[] }
  | { type: 'sessionGone'; session: string }

/** Where facts come up from the rooms below to whoever listens. */
export interface Changes {
  publish(change: Change): void
  /** Answers how to stop listening. */
  subscribe(listen: (change: Change) => void): () => void
}

export function openChanges(): Changes {
  const listeners = new Set<(change: Change) => void>()
  return {
    publish(change) {
      for (const listen of [...listeners]) listen(change)
    },
    subscribe(listen) {
      listeners.add(listen)
      return () => listeners.delete(listen)
    },
  }
}
