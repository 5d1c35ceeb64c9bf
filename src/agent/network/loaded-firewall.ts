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
  let loaded: readonly Port[] = []
  let rules = ''
  let wholeIsNeeded = true
  let pending = 0
  let loads = 0

  const loadWhole = async (wanted: readonly Port[]): Promise<void> => {
    await loadRules(renderFirewall(plan, wanted))
    wholeIsNeeded = false
    rules = (await findFirewallState(plan))?.rules ?? ''
  }
  // Other containers need no other rules. When the sets are not as we left them (somebody changed them, or took them away) the change is refused
  // as a whole, and the whole firewall puts all right.
  const load = async (): Promise<void> => {
    const wanted = ports
    const change = renderSetChange(plan, loaded, wanted)
    if (wholeIsNeeded) await loadWhole(wanted)
    else if (change !== '') await loadRules(change).catch(() => loadWhole(wanted))
    loaded = wanted
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
