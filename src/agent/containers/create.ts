import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ContainerSpec, ContainerStatus } from '../../model/container.js'
import { AppError } from '../../model/errors.js'
import { stackName } from '../../model/stack.js'
import { renameDurably } from '../host/durable-files.js'
import { makeImage } from '../host/images.js'
import { checkDisk, checkFree } from './admission.js'
import type { Caller } from './caller.js'
import { lookAllocated, lookDiskFor, promisedBytes } from './disk.js'
import { type Container, type Hive, makeContainer, tell } from './hive.js'
import { setPhase } from './phase.js'
import { type ContainerRecord, siteFolder, writeRecord } from './record.js'
import { keepSlots, planGivenOut, planRelease, planSlot } from './slots.js'
import { statusOf } from './status.js'
import { makeSteps, type Steps } from './steps.js'

/** What a new container's image is made from. */
export interface Origin {
  /** Digest of its template; chosen by the spec, or the newest of its stack, when absent. */
  template?: string
  /** Whether its data folders are filled already. */
  begun: boolean
  /** Makes the image, of the size that the container was promised; whatever it leaves beside it in that folder is kept. */
  fill(path: string, container: Container, steps: Steps): Promise<void>
}

const empty: Origin = {
  begun: false,
  fill: (path, { record }) => makeImage(path, record.spec.limits.diskBytes),
}

/** Makes image and record of a container; does not start it. The same spec again: no change. */
export async function createContainer(hive: Hive, spec: ContainerSpec, caller: Caller): Promise<ContainerStatus> {
  return hive.locks.run(spec.id, () => makeFrom(hive, spec, caller, empty))
}

/** As createContainer, with an image that comes from somewhere. The caller holds the lock of that id. */
export async function makeFrom(
  hive: Hive,
  spec: ContainerSpec,
  caller: Pick<Caller, 'note'>,
  origin: Origin,
): Promise<ContainerStatus> {
  const existing = hive.containers.get(spec.id)
  if (existing && isSame(existing.record.spec, spec)) return statusOf(hive, existing)
  const steps = makeSteps(caller.note)
  const template = await steps.run('template', () =>
    pickTemplate(hive, { ...spec, template: spec.template ?? origin.template }),
  )
  const container = await admit(hive, spec, template, origin.begun)
  try {
    await steps.run('image', () => build(hive, container, (path) => origin.fill(path, container, steps)))
  } catch (error) {
    hive.containers.delete(spec.id)
    hive.slots = planRelease(hive.slots, container.record.slot)
    tell(hive, { type: 'gone', id: spec.id })
    throw error
  }
  await lookAllocated(hive, container)
  setPhase(hive, container, 'stopped')
  hive.log.info('created', { id: spec.id, timesMs: steps.timesMs })
  return statusOf(hive, container)
}

function isSame(one: ContainerSpec, other: ContainerSpec): boolean {
  return sorted(one) === sorted(other)
}

/** JSON whose keys are in order, so that two specs compare by what they say. */
export function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

/** The template that a spec names, or the newest of its stack. AppError `conflict` for one of another stack. */
export async function pickTemplate(
  hive: Hive,
  spec: Pick<ContainerSpec, 'stack'> & { template?: string | undefined },
): Promise<string> {
  if (spec.template === undefined) return (await hive.templates.getCurrent(spec.stack)).manifest.digest
  const { manifest } = await hive.templates.get(spec.template)
  if (stackName(manifest.stack) === stackName(spec.stack)) return manifest.digest
  throw new AppError(
    'conflict',
    `That template is one of ${stackName(manifest.stack)}, not of ${stackName(spec.stack)}.`,
  )
}

/** From the checks to the entry in the table nothing waits, so no two creations can be given the same thing. */
async function admit(hive: Hive, spec: ContainerSpec, template: string, begun: boolean): Promise<Container> {
  if (hive.isClosing) throw new AppError('unavailable', 'The platform is going down.')
  const disk = await lookDiskFor(hive, spec.limits.diskBytes)
  if (hive.broken.has(spec.id))
    throw new AppError('conflict', `There is a container ${spec.id} already, and its record cannot be read.`)
  checkFree(
    spec,
    [...hive.containers.values()].map(({ record }) => record.spec),
  )
  checkDisk(promisedBytes(hive) + spec.limits.diskBytes, disk)
  const record: ContainerRecord = {
    spec,
    slot: planSlot(hive.slots),
    wanted: 'stopped',
    template,
    createdAt: new Date().toISOString(),
    restarts: 0,
    asleep: false,
    begun,
  }
  const container = makeContainer(record, 'creating')
  hive.slots = planGivenOut(hive.slots, [record.slot])
  hive.containers.set(spec.id, container)
  setPhase(hive, container, 'creating')
  return container
}

/** Image and record appear together, by one rename: what a crash leaves before it is swept at the next start. */
async function build(hive: Hive, { id, record }: Container, fill: (path: string) => Promise<void>): Promise<void> {
  const folder = siteFolder(hive.settings.stateFolder, id)
  const half = siteFolder(hive.settings.stateFolder, `.build-${id}`)
  await rm(half, { recursive: true, force: true })
  await mkdir(half, { recursive: true, mode: 0o700 })
  try {
    // Before anything belongs to the range.
    await keepSlots(hive)
    // Both have ended before anything is taken away: what still writes would put itself back.
    const made = [fill(join(half, 'image')), writeRecord(half, record)]
    for (const one of await Promise.allSettled(made)) if (one.status === 'rejected') throw one.reason
    await renameDurably(half, folder)
  } catch (error) {
    await rm(half, { recursive: true, force: true })
    throw error
  }
}
