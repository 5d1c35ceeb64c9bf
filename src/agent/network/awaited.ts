import { watchMissedNeighbours } from '../host/neighbour-watch.js'
import { addressesOf } from './addresses.js'
import type { FirewallPlan } from './firewall-plan.js'

/** Tells for which held addresses something waits. */
export function watchAwaited(
  plan: FirewallPlan,
  held: ReadonlySet<number>,
): { listen(listener: (n: number) => void): void; close(): void } {
  const listeners = new Set<(n: number) => void>()
  const watch = watchMissedNeighbours(plan.bridge, (address) => {
    for (const n of held) {
      const { ipv4, ipv6 } = addressesOf(plan.addresses, n)
      if (address === ipv4 || address === ipv6) for (const tell of listeners) tell(n)
    }
  })
  return { listen: (listener) => void listeners.add(listener), close: watch.close }
}
