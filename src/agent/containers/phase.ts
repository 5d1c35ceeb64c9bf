import { type Container, type Hive, tell } from './hive.js'
import { statusOf } from './status.js'

/** What a container without a life is in. */
export function restingPhase({ record }: Container): 'stopped' | 'asleep' {
  return record.asleep ? 'asleep' : 'stopped'
}

/** Every change of phase passes here, and is told. */
export function setPhase(hive: Hive, container: Container, phase: Container['phase'], reason?: string): void {
  container.phase = phase
  container.reason = reason
  tell(hive, { type: 'container', status: statusOf(hive, container) })
}
