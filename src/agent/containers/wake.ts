import { checkRoom } from './admission.js'
import { bringUp } from './bring-up.js'
import { lookDisk } from './disk.js'
import { type Container, changeRecordAtOnce, type Hive } from './hive.js'
import { scheduleComeback } from './supervise.js'

/** Wakes that may be under way at once: who storms the host with visits to many sleeping sites waits for the others. */
const AT_ONCE = 4

/** Brings up whatever sleeps and is asked for. */
export function wakeWhenAwaited(hive: Hive): void {
  const waiting = new Set<Container>()
  let underWay = 0
  const next = (): void => {
    for (const container of waiting) {
      if (underWay >= AT_ONCE) return
      waiting.delete(container)
      underWay += 1
      void wake(hive, container).finally(() => {
        underWay -= 1
        next()
      })
    }
  }
  hive.network.onAwaited((n) => {
    const container = [...hive.containers.values()].find(({ record }) => record.spec.address === n)
    if (!container?.record.asleep) return
    waiting.add(container)
    next()
  })
}

/** Brings a sleeping container up; one that does not sleep (any more) is left as it is. A failed wake is followed by other tries, as after a crash. */
export async function wake(hive: Hive, container: Container): Promise<void> {
  await hive.locks.run(container.id, async () => {
    if (!container.record.asleep || hive.isClosing || hive.containers.get(container.id) !== container) return
    await changeRecordAtOnce(hive, container, { asleep: false, restarts: 0 })
    container.attempts = 0
    try {
      checkRoom((await lookDisk(hive)).availableBytes)
      await bringUp(hive, container, () => undefined)
    } catch (error) {
      hive.log.warn('not woken', { id: container.id, error })
      scheduleComeback(hive, container)
    }
  })
}
