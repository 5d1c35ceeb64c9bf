import type { ContainerStatus } from '../../model/container.js'
import { AppError } from '../../model/errors.js'
import { countConnections } from '../host/process-sockets.js'
import type { Caller } from './caller.js'
import { type Container, changeRecord, getContainer, type Hive } from './hive.js'
import type { Life } from './life.js'
import { statusOf } from './status.js'
import { takeDown } from './stop.js'

/** Ports at which a site's visitors and owners are connected: web server and SFTP. */
const VISITED_PORTS = [80, 22]

/**
 * Stops a container cleanly until somebody asks for it. From before the stop on, whatever is sent to its address waits in the kernel, so nobody who comes
 * meanwhile is refused. Asleep already: no change. AppError `busy` when it is in use, `conflict` when it is not running.
 */
export async function sleepContainer(hive: Hive, id: string, caller: Caller): Promise<ContainerStatus> {
  return hive.locks.run(id, async () => {
    const container = getContainer(hive, id)
    const { record, life } = container
    if (record.asleep) return statusOf(hive, container)
    if (record.wanted !== 'running' || !life?.ready) throw new AppError('conflict', `${id} is not running.`)
    checkUnused(container, life)
    await hive.network.hold(record.spec.address)
    try {
      // Who came before the hold is connected by now; who comes later waits.
      checkUnused(container, life)
      await changeRecord(hive, container, { asleep: true })
    } catch (error) {
      await hive.network.release(record.spec.address)
      throw error
    }
    await takeDown(hive, container, caller.note)
    return statusOf(hive, container)
  })
}

function checkUnused(container: Container, life: Life): void {
  const use = findUse(container, life)
  if (use !== undefined) throw new AppError('busy', `${container.id} is in use: ${use}.`)
}

function findUse({ programs }: Container, { pid }: Life): string | undefined {
  if (programs > 0) return 'a program was started in it from outside'
  const connections = countConnections(pid, VISITED_PORTS)
  if (connections === undefined) return 'its connections cannot be seen'
  return connections > 0 ? `${connections} open connections` : undefined
}
