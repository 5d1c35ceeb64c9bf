import { randomBytes } from 'node:crypto'
import { forgetConnections } from './bring-down.js'
import type { Caller } from './caller.js'
import { type Container, changeRecordAtOnce, type Hive, publishPorts, tell } from './hive.js'
import { siteFolder } from './record.js'
import { keepSlots, planRelease } from './slots.js'
import { makeSteps } from './steps.js'
import { takeDown } from './stop.js'
import { cancelComeback } from './supervise.js'
import { deleteFolder, keepInTrash } from './trash.js'

/** Stops a container and removes every trace; with `key` its image is kept in the trash under it. Absent already: no change. */
export async function destroyContainer(
  hive: Hive,
  { id, key }: { id: string; key?: string | undefined },
  caller: Pick<Caller, 'note'>,
): Promise<void> {
  await hive.locks.run(id, async () => {
    const container = hive.containers.get(id)
    if (container) await destroy(hive, container, caller, key)
  })
}

/** From its first durable word on, a destruction is brought to its end, by the next agent if need be. The caller holds the container's lock. */
export async function destroy(
  hive: Hive,
  container: Container,
  caller: Pick<Caller, 'note'>,
  key?: string | undefined,
): Promise<void> {
  const { id, record } = container
  const { stateFolder } = hive.settings
  const steps = makeSteps(caller.note)
  cancelComeback(container)
  await changeRecordAtOnce(
    hive,
    container,
    key === undefined ? { wanted: 'absent' } : { wanted: 'absent', keptAs: key },
  )
  await takeDown(hive, container, caller.note)
  await steps.run('files', async () => {
    const leftBehind = (error: unknown): void => hive.log.error('left behind', { id, error })
    hive.consoles.remove(id)
    // Its address is free for another only when nobody can take the one for the other.
    await forgetConnections(hive, container).catch(leftBehind)
    // The record goes last: as long as it is there, the next agent knows what is left to do.
    const folder = siteFolder(stateFolder, id)
    if (key !== undefined) await keepInTrash(stateFolder, folder, key)
    else
      await deleteFolder(stateFolder, folder, `${id}.${randomBytes(4).toString('hex')}`).then(
        () => release(hive, record.slot),
        leftBehind,
      )
    hive.containers.delete(id)
    await publishPorts(hive)
  })
  tell(hive, { type: 'gone', id })
  hive.log.info('destroyed', { id, key, timesMs: steps.timesMs })
}

/** Should it not be written, the next agent finds that nobody holds the slot. */
async function release(hive: Hive, slot: number): Promise<void> {
  hive.slots = planRelease(hive.slots, slot)
  await keepSlots(hive).catch((error: unknown) => hive.log.warn('not written', { slot, error }))
}
