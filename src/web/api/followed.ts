import { useSyncExternalStore } from 'react'

/** Operations that were started here and whose end the person should be told of. */
let followed: ReadonlySet<string> = new Set()
const listeners = new Set<() => void>()

function replace(next: ReadonlySet<string>): void {
  followed = next
  for (const listener of listeners) listener()
}

/** Tells the person when this operation ends. */
export function followOperation(id: string): void {
  replace(new Set([...followed, id]))
}

export function unfollowOperation(id: string): void {
  replace(new Set([...followed].filter((other) => other !== id)))
}

export function useFollowed(): ReadonlySet<string> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => followed,
  )
}
