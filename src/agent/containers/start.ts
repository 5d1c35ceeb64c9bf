import type { ContainerStatus } from '../../model/container.js'
import { AppError } from '../../model/errors.js'
import { checkRoom } from './admission.js'
import { bringUp } from './bring-up.js'
import type { Caller } from './caller.js'
import { lookDisk } from './disk.js'
import { changeRecord, getContainer, type Hive } from './hive.js'
import { statusOf } from './status.js'
import { cancelComeback } from './supervise.js'

/** Brings up a container and waits until its services answer. Running already: no change. A start that fails leaves it as it was: stopped. */
export async function startContainer(hive: Hive, id: string, caller: Caller): Promise<ContainerStatus> {
  return hive.locks.run(id, async () => {
    const container = getContainer(hive, id)
    if (hive.isClosing) throw new AppError('unavailable', 'The platform is going down.')
    if (container.record.wanted === 'absent') throw new AppError('conflict', `${id} is being destroyed.`)
    if (!container.life) checkRoom((await lookDisk(hive)).availableBytes)
    const before = container.record.wanted
    await changeRecord(hive, container, { wanted: 'running', asleep: false, restarts: 0 })
    if (container.life?.ready) return statusOf(hive, container)
    cancelComeback(container)
    container.attempts = 0
    try {
      await bringUp(hive, container, caller.note)
    } catch (error) {
      await changeRecord(hive, container, { wanted: before })
      throw error
    }
    return statusOf(hive, container)
  })
}
