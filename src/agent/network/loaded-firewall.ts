import { loadRules } from '../host/nftables.js'
import { renderFirewall, renderNoFirewall } from './firewall.js'
import type { FirewallPlan, Port } from './firewall-plan.js'
import { renderSetChange } from './firewall-sets.js'
import { findFirewallProblems, findFirewallState, readPorts } from './firewall-state.js'

/** The firewall in the kernel. Its text is only ever written whole, by one writer at a time. */
export interface LoadedFirewall {
  setPorts(ports: readonly Port[]): Promise<void>
  /** Loads rules and sets anew. */
  reload(): Promise<void>
  problems(): Promise<string[]>
  /** Takes all tables away. */
  unload(): Promise<void>
}

/**
 * Loads the firewall for the first time in this agent's life, for the containers of the one that is there already: they are not cut off while the
 * agent still looks for them. AppError `host_failed`: nothing was changed then.
 */
export async function loadFirewall(plan: FirewallPlan): Promise<LoadedFirewall> {
  // One of another version that cannot be read is replaced all the same.
  const earlier = await findFirewallState(plan).catch(() => undefined)
  let ports: readonly Port[] = earlier === undefined ? [] : readPorts(plan, earlier)
  let rules = ''
  let wholeIsNeeded = true
  let pending = 0
  let loads = 0

  const loadWhole = async (): Promise<void> => {
    await loadRules(renderFirewall(plan, ports))
    wholeIsNeeded = false
    rules = (await findFirewallState(plan))?.rules ?? ''
  }
  // Another set of ports needs no other rules; but when somebody took the tables away the change is refused, and the whole puts them back.
  const load = async (): Promise<void> => {
    if (wholeIsNeeded) return await loadWhole()
    await loadRules(renderSetChange(plan, ports)).catch(loadWhole)
  }
  const inTurn = onceAtATime(load)
  const loadSoon = async (): Promise<void> => {
    pending += 1
    loads += 1
    try {
      await inTurn()
    } finally {
      pending -= 1
    }
  }
  await loadSoon()

  return {
    setPorts: (next) => {
      ports = next
      return loadSoon()
    },
    reload: () => {
      wholeIsNeeded = true
      return loadSoon()
    },
    problems: async () => {
      // Only a look that no load ran into can tell what is wrong; the next one will.
      const before = pending === 0 ? loads : -1
      const state = await findFirewallState(plan)
      return before === loads ? findFirewallProblems(plan, ports, rules, state) : []
    },
    unload: () => loadRules(renderNoFirewall()),
  }
}

/** Runs `work` one at a time; all who ask while it runs share the one run that comes after it. */
export function onceAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> = Promise.resolve()
  let waiting: Promise<void> | undefined
  return () => {
    waiting ??= running
      .catch(() => undefined)
      .then(() => {
        waiting = undefined
        running = work()
        return running
      })
    return waiting
  }
}
