import type { AgentEvent } from '../../model/calls.js'
import type { Caller } from './caller.js'
import type { Hive } from './hive.js'

/** Tells a caller every event until it hangs up; first of all that it must ask for what is. */
export function subscribe(hive: Hive, caller: Caller): Promise<void> {
  return new Promise((resolve) => {
    const listener = (event: AgentEvent): void => caller.tell(event)
    hive.listeners.add(listener)
    caller.tell({ type: 'resync' })
    const end = (): void => {
      hive.listeners.delete(listener)
      resolve()
    }
    if (caller.hungUp.aborted) end()
    else caller.hungUp.addEventListener('abort', end)
  })
}
