import type { ContainerSpec, ContainerStatus } from '../../src/model/container.js'
import { type Check, judge } from '../../src/model/doctor.js'
import { AGENT_CHECKS } from '../../src/model/doctor-checks.js'
import type { HostStatus } from '../../src/model/host-status.js'

const GIB = 1024 ** 3

/** Of a container that was just made. */
export function newFakeStatus(spec: ContainerSpec, template: string): ContainerStatus {
  return {
    id: spec.id,
    phase: 'stopped',
    wanted: 'stopped',
    template: spec.template ?? template,
    ipv4: `10.1.1.${spec.address}`,
    ipv6: `fd00:10:1:1::${spec.address.toString(16)}`,
    sftpPort: spec.sftpPort,
    uidBase: 1_879_048_192 + 65_536 * spec.address,
    limits: spec.limits,
    restarts: 0,
  }
}

/** What a running container takes. */
export function fakeUsage({
  status,
  spec,
}: {
  status: ContainerStatus
  spec: ContainerSpec
}): Partial<ContainerStatus> {
  if (status.phase !== 'running') return {}
  const runMs = Date.now() - Date.parse(status.startedAt ?? '')
  const memoryBytes = Math.round(spec.limits.memoryBytes * 0.2)
  return { usage: { cpuNs: runMs * 10_000, memoryBytes, pids: 12, diskUsedBytes: 20 * 1024 ** 2, oomKills: 0 } }
}

/** A machine with enough of everything. */
export function fakeHostStatus(cells: { spec: ContainerSpec; status: ContainerStatus }[]): HostStatus {
  return {
    version: 'fake',
    startedAt: new Date(0).toISOString(),
    cgroups: 'v2',
    cpus: 2,
    memoryTotalBytes: 8 * GIB,
    memoryAvailableBytes: 6 * GIB,
    diskTotalBytes: 100 * GIB,
    diskAvailableBytes: 80 * GIB,
    diskPromisedBytes: cells.reduce((sum, cell) => sum + cell.spec.limits.diskBytes, 0),
    diskUnpromisedBytes: 40 * GIB,
    pressure: {
      cpu: { last10s: 0.12, last60s: 0.034, last300s: 0.01 },
      memory: { last10s: 0, last60s: 0, last300s: 0 },
      io: { last10s: 0.56, last60s: 0.2, last300s: 0.1 },
    },
    load: [0.1, 0.1, 0.1],
    containers: cells.length,
    running: cells.filter((cell) => cell.status.phase === 'running').length,
  }
}

/** What the doctor of a machine without faults says. */
export function goodChecks(): Check[] {
  return AGENT_CHECKS.map((id) => judge(id, []))
}
