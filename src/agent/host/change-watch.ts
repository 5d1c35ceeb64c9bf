import { keepObserver } from './observer.js'

/** Knows whether anything of the network was changed, by whomever: links, addresses, neighbours on the bridge, rules of routing, the firewall. */
export interface ChangeWatch {
  /** Whether something was since the last time this was asked, or may have been: while nobody listens, it may. */
  take(): boolean
  close(): void
}

/** Keeps one `launch changes` running in the current network namespace. */
export function watchChanges(program: string, bridge: string): ChangeWatch {
  let isListening = false
  let changed = true
  const observer = keepObserver(program, ['changes', bridge], {
    onBegin: () => {
      isListening = false
    },
    onLine: () => {
      isListening = true
      changed = true
    },
  })
  return {
    take: () => {
      const taken = changed || !isListening || !observer.isThere()
      changed = false
      return taken
    },
    close: observer.close,
  }
}
