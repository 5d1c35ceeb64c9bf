import { type Container, type Hive, publishPorts } from './hive.js'
import { removeLife } from './life.js'

const FORGET_AFTER_MS = 500

/** Ends whatever is left of a container's life and takes its traces on the host away, each step looking before it acts. The caller holds the container's lock. */
export async function bringDown(hive: Hive, container: Container): Promise<void> {
  const { id, life, record } = container
  if (life) hive.watch.remove(life)
  const wasReachable = container.isReachable
  container.isReachable = record.asleep
  await Promise.all([hive.cgroups.kill(id), wasReachable === container.isReachable ? undefined : publishPorts(hive)])
  // The cable goes with the network namespace; what an address leaves on the host does not.
  await hive.network.detach(record.spec.address)
  if (!record.asleep) await hive.network.release(record.spec.address)
  await removeLife(hive.settings.runFolder, id)
  hive.consoles.end(id)
  // Last: a later agent takes the group for the sign that something of this may still be undone.
  await hive.cgroups.remove(id)
  container.life = undefined
  container.appliedSettings = undefined
  setTimeout(() => forgetWhenIdle(hive, container), FORGET_AFTER_MS).unref()
}

/** Nobody waits for that: a stopped site keeps its address, and one that comes back at once may keep its connections too. */
function forgetWhenIdle(hive: Hive, container: Container): void {
  // Whoever has come to one that sleeps, or that is being woken, is waited for: the answer to him would be nobody's.
  const isGone = container.phase === 'stopped' || container.phase === 'failed'
  if (!isGone || hive.isClosing || hive.containers.get(container.id) !== container) return
  forgetConnections(hive, container).catch((error: unknown) =>
    hive.log.warn('connections kept', { id: container.id, error }),
  )
}

/** Makes the host forget the connections of a container that does not run. */
export async function forgetConnections(hive: Hive, container: Container): Promise<void> {
  if (!container.hasConnections) return
  await hive.network.forget(container.record.spec.address)
  if (!container.life) container.hasConnections = false
}
