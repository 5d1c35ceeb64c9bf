import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { renameDurably } from '../host/durable-files.js'
import { forgetConnections } from './bring-down.js'
import type { Caller } from './caller.js'
import { type Container, changeRecordAtOnce, type Hive, publishPorts, tell } from './hive.js'
import { siteFolder } from './record.js'
import { keepSlots, planRelease } from './slots.js'
import { makeSteps } from './steps.js'
import { takeDown } from './stop.js'
import { cancelComeback } from './supervise.js'

/** Stops a container and removes every trace. Absent already: no change. */
export async function destroyContainer(hive: Hive, id: string, caller: Caller): Promise<void> {
  await hive.locks.run(id, async () => {
    const container = hive.containers.get(id)
    if (container) await destroy(hive, container, caller)
  })
}

/** From its first durable word on, a destruction is brought to its end, by the next agent if need be. The caller holds the container's lock. */
export async function destroy(hive: Hive, container: Container, caller: Pick<Caller, 'note'>): Promise<void> {
  const { id, record } = container
  const { stateFolder } = hive.settings
  const steps = makeSteps(caller.note)
  cancelComeback(container)
  await changeRecordAtOnce(hive, container, { wanted: 'absent' })
  await takeDown(hive, container, caller.note)
  await steps.run('files', async () => {
    const trash = join(stateFolder, 'trash', `${id}.${randomBytes(4).toString('hex')}`)
    const leftBehind = (error: unknown): void => hive.log.error('left behind', { id, error })
    hive.consoles.remove(id)
    // Its address is free for another only when nobody can take the one for the other.
    await forgetConnections(hive, container).catch(leftBehind)
    // The record goes last: as long as it is there, the next agent knows what is left to do.
    await mkdir(dirname(trash), { recursive: true, mode: 0o700 })
    await renameDurably(siteFolder(stateFolder, id), trash)
    await rm(trash, { recursive: true, force: true }).then(() => release(hive, record.slot), leftBehind)
    hive.containers.delete(id)
    await publishPorts(hive)
  })
  tell(hive, { type: 'gone', id })
  hive.log.info('destroyed', { id, timesMs: steps.timesMs })
}

/** Should it not be written, the next agent finds that nobody holds the slot. */
async function release(hive: Hive, slot: number): Promise<void> {
  hive.slots = planRelease(hive.slots, slot)
  await keepSlots(hive).catch((error: unknown) => hive.log.warn('not written', { slot, error }))
}

/** Deletes what was thrown away; what a crash left there too. */
export async function sweepTrash(stateFolder: string): Promise<void> {
  const trash = join(stateFolder, 'trash')
  await mkdir(trash, { recursive: true, mode: 0o700 })
  for (const name of await readdir(trash)) await rm(join(trash, name), { recursive: true, force: true })
}
