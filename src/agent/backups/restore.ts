import { link, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ContainerSpec, ContainerStatus } from '../../model/container.js'
import { AppError } from '../../model/errors.js'
import { checkDisk } from '../containers/admission.js'
import { bringUp } from '../containers/bring-up.js'
import type { Caller } from '../containers/caller.js'
import { workGroup } from '../containers/copy.js'
import { makeFrom } from '../containers/create.js'
import { lookDiskFor, promisedBytes } from '../containers/disk.js'
import { type Container, changeRecord, getContainer, type Hive } from '../containers/hive.js'
import { BEFORE, imagePath, siteFolder, uidBaseOf } from '../containers/record.js'
import { statusOf } from '../containers/status.js'
import { makeSteps, type Steps } from '../containers/steps.js'
import { takeDown } from '../containers/stop.js'
import { cancelComeback } from '../containers/supervise.js'
import { syncFolder } from '../host/durable-files.js'
import { syncFile } from '../host/images.js'
import { besideId } from './create-backup.js'
import type { Archive } from './read-archive.js'
import { type BackupRef, getArchive } from './store.js'
import { unpack } from './unpack.js'

/** Makes a new container out of a backup, with the settings and the identity of its spec. The same spec again: no change. */
export async function restoreAs(
  hive: Hive,
  { spec, ...ref }: BackupRef & { spec: ContainerSpec },
  caller: Pick<Caller, 'note'>,
): Promise<ContainerStatus> {
  return withArchive(hive, ref, (archive) =>
    hive.locks.run(spec.id, () =>
      makeFrom(hive, spec, caller, {
        begun: true,
        fill: async (path, container, steps) => {
          const { stack, limits } = spec
          const bench = { root: await rootOf(hive, container, path), group: workGroup(spec.id) }
          await unpack(hive, { archive, bench, sizeBytes: limits.diskBytes, stack, keepsIdentity: false, steps })
          await syncFile(path)
        },
      }),
    ),
  )
}

/**
 * Puts a backup in the place of what a container holds. The new state is made and checked beside the old one, while the site goes on; the old one
 * is kept until the new one is live, and comes back when it is not.
 */
export async function restoreInPlace(
  hive: Hive,
  { id, ...ref }: BackupRef & { id: string },
  caller: Pick<Caller, 'note'>,
): Promise<ContainerStatus> {
  const half = siteFolder(hive.settings.stateFolder, `.build-${besideId(id, 'restore')}`)
  return hive.locks.run(besideId(id, 'restore'), () =>
    withArchive(hive, ref, async (archive) => {
      const container = getContainer(hive, id)
      const steps = makeSteps(caller.note)
      const { stack, limits } = container.record.spec
      checkDisk(promisedBytes(hive) + limits.diskBytes, await lookDiskFor(hive, limits.diskBytes))
      await rm(half, { recursive: true, force: true })
      await mkdir(half, { recursive: true, mode: 0o700 })
      try {
        const image = join(half, 'image')
        const bench = { root: await rootOf(hive, container, image), group: workGroup(besideId(id, 'restore')) }
        await unpack(hive, { archive, bench, sizeBytes: limits.diskBytes, stack, keepsIdentity: true, steps })
        await syncFile(image)
        await hive.locks.run(id, () => exchange(hive, getContainer(hive, id), image, steps))
      } finally {
        await rm(half, { recursive: true, force: true })
      }
      return statusOf(hive, getContainer(hive, id))
    }),
  )
}

export async function withArchive<T>(hive: Hive, ref: BackupRef, act: (archive: Archive) => Promise<T>): Promise<T> {
  const archive = await getArchive(hive.settings.stateFolder, ref)
  try {
    return await act(archive)
  } finally {
    await archive.close()
  }
}

export async function rootOf(hive: Hive, { record }: Pick<Container, 'record'>, image: string) {
  const { manifest, tree } = await hive.templates.get(record.template)
  return { templateTree: tree, image, uidBase: uidBaseOf(record.slot), data: manifest.data }
}

/** The caller holds the container's lock. */
async function exchange(hive: Hive, container: Container, image: string, steps: Steps): Promise<void> {
  const { id, record } = container
  if (record.wanted === 'absent') throw new AppError('conflict', `${id} is being destroyed.`)
  const place = imagePath(hive.settings.stateFolder, id)
  const before = join(dirname(place), BEFORE)
  const quietly = (): void => undefined
  cancelComeback(container)
  await steps.run('stop', () => takeDown(hive, container, quietly))
  await steps.run('exchange', async () => {
    await rm(before, { force: true })
    // One name more for the old one, then its first name for the new one: at every moment there is a whole image.
    await link(place, before)
    await rename(image, place)
    await syncFolder(dirname(place))
  })
  try {
    if (!record.begun) await changeRecord(hive, container, { begun: true })
    if (record.wanted === 'running') await steps.run('start', () => bringUp(hive, container, quietly))
  } catch (error) {
    await rename(before, place)
    await syncFolder(dirname(place))
    await bringUp(hive, container, quietly).catch((left: unknown) => hive.log.error('undo', { id, error: left }))
    throw error
  }
  await rm(before, { force: true })
  hive.log.info('restored', { id, timesMs: steps.timesMs })
}
