import { type Container, type Hive, publishPorts } from './hive.js'
import { restingPhase, setPhase } from './phase.js'

/** Makes the host treat a container without a life as its record says: one that sleeps is waited for, any other refuses. The caller holds the container's lock. */
export async function rest(hive: Hive, container: Container): Promise<void> {
  const { asleep, spec } = container.record
  if (asleep) await hive.network.hold(spec.address)
  if (container.isReachable !== asleep) {
    container.isReachable = asleep
    await publishPorts(hive)
  }
  if (!asleep) await hive.network.release(spec.address)
  const phase = restingPhase(container)
  if (container.phase !== phase) setPhase(hive, container, phase)
}
