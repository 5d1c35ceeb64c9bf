import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sweepTemporaries, syncFolder } from '../host/durable-files.js'
import { bringDown } from './bring-down.js'
import { boundDisk, joinNetwork, keepReady, letIn, waitReady } from './bring-up.js'
import { destroy } from './destroy.js'
import { lookAllAllocated } from './disk.js'
import { type Container, type Hive, makeContainer, publishPorts } from './hive.js'
import { findLife, watchLife } from './life.js'
import { restingPhase, setPhase } from './phase.js'
import { BEFORE, imagePath, readRecords, siteFolder } from './record.js'
import { keepSlots, planGivenOut, planLostReleased, readSlots } from './slots.js'
import { makeSteps } from './steps.js'
import { takeDown } from './stop.js'
import { removeStrangers } from './strangers.js'
import { bringBack, isMissing, onGone } from './supervise.js'
import { sweepTrash, trashedSlots } from './trash.js'

const STARTS_AT_ONCE = 4
const quietly = { note: () => undefined }

/** Reads what should be, looks at what is, and adopts every container that lives: from then on the door may open. Nothing that runs is touched. */
export async function adoptAll(hive: Hive): Promise<void> {
  const { stateFolder } = hive.settings
  hive.onGone = (container, life) => onGone(hive, container, life)
  const { records, broken } = await readRecords(stateFolder)
  for (const { id, cause } of broken) {
    hive.broken.add(id)
    hive.log.error('record cannot be read: the site is left as it is, and spec.last.json is the one before', {
      id,
      cause,
    })
  }
  for (const folder of [stateFolder, ...records.map(({ spec }) => siteFolder(stateFolder, spec.id))])
    await sweepTemporaries(folder)
  hive.slots = planGivenOut(await readSlots(stateFolder), [
    ...records.map(({ slot }) => slot),
    ...(await trashedSlots(stateFolder)),
  ])
  for (const record of records) hive.containers.set(record.spec.id, makeContainer(record, 'stopped'))
  await Promise.all([...hive.containers.values()].map((container) => adopt(hive, container)))
  await lookAllAllocated(hive)
  await publishPorts(hive)
}

/** Takes over a container that lives, without a restart. */
async function adopt(hive: Hive, container: Container): Promise<void> {
  const { id, record } = container
  const facts = await findLife(hive.settings.runFolder, id, await hive.cgroups.processes(id))
  if (record.asleep) await hive.network.hold(record.spec.address)
  if (!facts) {
    container.isReachable = record.asleep
    container.phase = restingPhase(container)
    return
  }
  const life = watchLife(hive.watch, facts, (ended) => hive.onGone(container, ended))
  container.life = life
  container.isReachable = life.ready && record.spec.sealed !== true
  container.phase = life.ready ? 'running' : 'starting'
  hive.log.info('adopted', { id, pid: life.pid })
  // The last agent may have died in the middle of a snapshot, and the launcher with it.
  await hive.launcher.thaw(life).catch((error: unknown) => hive.log.warn('not thawed', { id, error }))
  await hive.consoles.follow(id)
  await Promise.all([hive.cgroups.setLimits(id, record.spec.limits), boundDisk(hive, id, life.pid)]).catch(
    (error: unknown) => hive.log.warn('limits', { id, error }),
  )
  await joinNetwork(hive, container, life).catch((error: unknown) => hive.log.error('network', { id, error }))
}

/** Brings everything to what is wanted: unfinished destructions and stops to their end, half-made things away, and the missing up, a few at a time. */
export async function settleAll(hive: Hive): Promise<void> {
  await sweepHalfMade(hive)
  const groups = new Set(await hive.cgroups.list())
  const waiting = [...hive.containers.values()].sort((a, b) => (a.record.createdAt < b.record.createdAt ? -1 : 1))
  const next = async (): Promise<void> => {
    for (let container = waiting.shift(); container; container = waiting.shift()) {
      const one = container
      await hive.locks
        .run(one.id, () => settle(hive, one, groups.has(one.id)))
        .catch((error: unknown) => hive.log.error('settle', { id: one.id, error }))
    }
  }
  await Promise.all(Array.from({ length: STARTS_AT_ONCE }, next))
  await removeStrangers(hive)
}

/** Brings one to what is wanted; the caller holds its lock. `hasRemains`: there is a group of it. That is the last that a life leaves, so without one there is nothing to take away. */
export async function settle(hive: Hive, container: Container, hasRemains: boolean): Promise<void> {
  if (hive.containers.get(container.id) !== container) return
  const { record, life } = container
  await settleRestore(hive, container)
  if (!life && hasRemains) await bringDown(hive, container)
  if (record.wanted === 'absent') await destroy(hive, container, quietly, record.keptAs)
  else if (record.wanted === 'stopped' || record.asleep) await takeDown(hive, container, quietly.note)
  else if (life && !life.ready) await finishStart(hive, container)
  else if (isMissing(hive, container)) await bringBack(hive, container)
}

/** An earlier agent ended between the exchange of the images and the word that the new one lives: it holds when it runs, else what was there comes back. */
async function settleRestore(hive: Hive, { id, life }: Container): Promise<void> {
  const image = imagePath(hive.settings.stateFolder, id)
  const before = join(dirname(image), BEFORE)
  if (!(await exists(before))) return
  hive.log.warn('restore settled', { id, to: life ? 'the new state' : 'the state before' })
  if (life) await rm(before)
  else {
    await rename(before, image)
    // Two names of one file: nothing was exchanged yet, and rename(2) leaves both.
    await rm(before, { force: true })
  }
  await syncFolder(dirname(image))
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** An earlier agent ended while the services came up. */
async function finishStart(hive: Hive, container: Container): Promise<void> {
  const { life, record } = container
  if (!life) return
  try {
    await waitReady(hive, container, life, await hive.templates.get(record.template))
    await letIn(hive, container, makeSteps(quietly.note))
    await keepReady(hive, container, life)
    setPhase(hive, container, 'running')
  } catch (error) {
    hive.log.warn('start failed', { id: container.id, error })
    await bringDown(hive, container)
    await bringBack(hive, container)
  }
}

async function sweepHalfMade(hive: Hive): Promise<void> {
  for (const group of await hive.cgroups.list()) {
    const id = /^\.work-(.+)$/.exec(group)?.[1]
    if (id === undefined || hive.locks.isBusy(id)) continue
    await hive.cgroups.kill(group)
    await hive.cgroups.remove(group)
  }
  const sites = join(hive.settings.stateFolder, 'sites')
  await mkdir(sites, { recursive: true, mode: 0o700 })
  for (const name of await readdir(sites)) {
    const id = /^\.build-(.+)$/.exec(name)?.[1]
    if (id !== undefined && !hive.locks.isBusy(id)) await rm(join(sites, name), { recursive: true, force: true })
  }
  await sweepTrash(hive.settings.stateFolder)
  // Whose slot it was, a record that cannot be read does not say.
  if (hive.broken.size > 0) return
  const kept = await trashedSlots(hive.settings.stateFolder)
  const held = [...hive.containers.values()].map(({ record }) => record.slot)
  hive.slots = planLostReleased(hive.slots, new Set([...held, ...kept]))
  await keepSlots(hive)
}
