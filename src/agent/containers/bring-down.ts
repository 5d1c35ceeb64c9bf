import { type Container, type Hive, publishPorts } from './hive.js'
import { removeLife } from './life.js'

/** Ends whatever is left of a container's life and takes its traces on the host away, each step looking before it acts. The caller holds the container's lock. */
export async function bringDown(hive: Hive, container: Container): Promise<void> {
  const { id, life, record } = container
  if (life) hive.watch.remove(life)
  const wasReachable = container.isReachable
  container.isReachable = false
  await Promise.all([hive.cgroups.kill(id), wasReachable ? publishPorts(hive) : undefined])
  // The cable goes with the network namespace; what an address leaves on the host (neighbours, tracked connections) does not.
  await hive.network.detach(record.spec.address)
  await removeLife(hive.settings.runFolder, id)
  hive.consoles.end(id)
  // Last: a later agent takes the group for the sign that something of this may still be undone.
  await hive.cgroups.remove(id)
  container.life = undefined
  container.appliedSettings = undefined
}
