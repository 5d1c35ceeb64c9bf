import type { ContainerStatus, ContainerUsage } from '../../model/container.js'
import { addressesOf, parseAddressPlan } from '../network/addresses.js'
import type { Container, Hive } from './hive.js'
import { uidBaseOf } from './record.js'

/** What is shown of a container. */
export function statusOf(hive: Pick<Hive, 'settings'>, container: Container, usage?: ContainerUsage): ContainerStatus {
  const { record, life, phase, reason } = container
  const { ipv4, ipv6 } = addressesOf(
    parseAddressPlan(hive.settings.network.ipv4, hive.settings.network.ipv6),
    record.spec.address,
  )
  return {
    id: container.id,
    phase,
    wanted: record.wanted === 'running' ? 'running' : 'stopped',
    ...(phase === 'failed' && reason !== undefined && { reason }),
    template: record.template,
    ipv4,
    ipv6,
    sftpPort: record.spec.sftpPort,
    uidBase: uidBaseOf(record.slot),
    limits: record.spec.limits,
    ...(life && { pid: life.pid, startedAt: life.startedAt }),
    restarts: record.restarts,
    ...(usage && { usage }),
  }
}
