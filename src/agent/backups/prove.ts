import { closeSync, openSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Backup, BackupManifest, BackupProof } from '../../model/backup.js'
import { AppError } from '../../model/errors.js'
import { checkDisk } from '../containers/admission.js'
import { settingsOf } from '../containers/bring-up.js'
import type { Caller } from '../containers/caller.js'
import { workGroup } from '../containers/copy.js'
import { lookDiskFor, promisedBytes } from '../containers/disk.js'
import { explainFailure } from '../containers/explain-failure.js'
import { type Container, getContainer, type Hive } from '../containers/hive.js'
import { siteFolder, uidBaseOf } from '../containers/record.js'
import { keepSlots, planGivenOut, planRelease, planSlot } from '../containers/slots.js'
import { makeSteps, type Steps } from '../containers/steps.js'
import type { ReadyPlan } from '../host/launch-plan.js'
import { besideId } from './create-backup.js'
import { fetchPage } from './fetch-page.js'
import type { Archive } from './read-archive.js'
import { type BackupRef, getArchive, getBackup, keepProof } from './store.js'
import { unpack } from './unpack.js'
import { converse, findDatabaseProgram, type Workbench } from './workbench.js'

const READY_TIMEOUT_MS = 60_000
const PROGRAM_TIMEOUT_MS = 8000

/** What the sealed copy had to show. */
export interface Evidence {
  pageStatus: number | undefined
}

/**
 * Restores a backup into a sealed throw-away container without network, starts it as the site is started, has its database checked and asks it for
 * its first page. The outcome is kept beside the archive; what is wrong with the backup is the answer, not an error.
 */
export async function proveBackup(
  hive: Hive,
  { id, ...ref }: BackupRef & { id: string },
  caller: Pick<Caller, 'note'>,
): Promise<Backup> {
  const { stateFolder } = hive.settings
  return hive.locks.run(besideId(id, 'proof'), async () => {
    const container = getContainer(hive, id)
    const begin = performance.now()
    const steps = makeSteps(caller.note)
    const { diskBytes } = container.record.spec.limits
    checkDisk(promisedBytes(hive) + diskBytes, await lookDiskFor(hive, diskBytes))
    const verdict = await tryOut(hive, container, ref, steps)
    const proof: BackupProof = {
      ...verdict,
      at: new Date().toISOString(),
      durationMs: Math.round(performance.now() - begin),
    }
    await keepProof(stateFolder, ref, proof)
    hive.log.info('backup tried', { id, backup: ref.backup, ...proof, timesMs: steps.timesMs })
    return getBackup(stateFolder, ref)
  })
}

async function tryOut(
  hive: Hive,
  container: Container,
  ref: BackupRef,
  steps: Steps,
): Promise<Omit<BackupProof, 'at' | 'durationMs'>> {
  const archive = await getArchive(hive.settings.stateFolder, ref)
  try {
    return judgeEvidence(archive.manifest, await withCopy(hive, container, archive, steps))
  } catch (error) {
    const reason = explainFailure(error)
    hive.log.info('backup not proven', { id: container.id, backup: ref.backup, error })
    return { proven: false, reason: reason.message.slice(0, 500) }
  } finally {
    await archive.close()
  }
}

/** Pure: whether a restored site is what was backed up. */
export function judgeEvidence(
  manifest: Pick<BackupManifest, 'pageStatus'>,
  { pageStatus }: Evidence,
): Omit<BackupProof, 'at' | 'durationMs'> {
  if (pageStatus === undefined) return { proven: false, reason: 'Its page does not answer once it is restored.' }
  if (pageStatus >= 400)
    return {
      proven: false,
      pageStatus,
      reason:
        manifest.pageStatus === pageStatus
          ? `Its page was broken when the backup was made: it answers ${pageStatus}.`
          : `Its page answers ${pageStatus} once it is restored.`,
    }
  if (manifest.pageStatus !== undefined && manifest.pageStatus !== pageStatus)
    return {
      proven: false,
      pageStatus,
      reason: `Its page answered ${manifest.pageStatus}, and ${pageStatus} once it is restored.`,
    }
  return { proven: true, pageStatus }
}

/** Everything that is made for it is gone when this returns; what a crash leaves is swept at the next start. */
async function withCopy(hive: Hive, container: Container, archive: Archive, steps: Steps): Promise<Evidence> {
  const { id, record } = container
  const half = siteFolder(hive.settings.stateFolder, `.build-${besideId(id, 'proof')}`)
  const slot = planSlot(hive.slots)
  hive.slots = planGivenOut(hive.slots, [slot])
  try {
    await keepSlots(hive)
    await rm(half, { recursive: true, force: true })
    await mkdir(half, { recursive: true, mode: 0o700 })
    const { manifest, tree } = await hive.templates.get(record.template)
    const root = { templateTree: tree, image: join(half, 'image'), uidBase: uidBaseOf(slot), data: manifest.data }
    const bench = { root, group: workGroup(besideId(id, 'proof')) }
    const { stack, limits } = record.spec
    await unpack(hive, { archive, bench, sizeBytes: limits.diskBytes, stack, keepsIdentity: false, steps })
    return await runSealed(hive, container, bench, steps)
  } finally {
    await rm(half, { recursive: true, force: true })
    hive.slots = planRelease(hive.slots, slot)
    await keepSlots(hive)
  }
}

/** Starts the copy as the site is started, but for the network: nobody reaches it, and it reaches nobody. */
async function runSealed(
  hive: Hive,
  container: Container,
  { root, group }: Workbench,
  steps: Steps,
): Promise<Evidence> {
  const { id, record } = container
  const { manifest } = await hive.templates.get(record.template)
  await hive.cgroups.ensure(group, record.spec.limits)
  const cgroupProcs = hive.cgroups.procsFiles(group)
  const console = openSync('/dev/null', 'w')
  try {
    const started = await hive.launcher.startContainer({
      ...root,
      cgroupProcs,
      hostname: id,
      argv: ['/sbin/init'],
      settings: settingsOf(hive, container),
      console,
    })
    await steps.run('start', async () => {
      await started.openGate()
      const probes = manifest.services.flatMap((service) => service.ready)
      await awaitAnswers(hive, { ...started, cgroupProcs, probes, timeoutMs: READY_TIMEOUT_MS })
      const { awaits } = manifest
      if (awaits.length > 0)
        await hive.launcher.ready({ ...started, cgroupProcs, probes: awaits, timeoutMs: PROGRAM_TIMEOUT_MS })
    })
    const program = await findDatabaseProgram(hive, record.spec.stack)
    if (program) {
      const inside = { uid: 0, gid: 0, cwd: '/', argv: program('check') }
      await steps.run('database check', () => converse(hive.launcher.enter({ ...started, cgroupProcs, ...inside }), {}))
    }
    return { pageStatus: await steps.run('page', () => fetchPage(hive, container, started, group)) }
  } finally {
    closeSync(console)
    await hive.cgroups.kill(group)
    await hive.cgroups.remove(group)
  }
}

async function awaitAnswers(hive: Hive, plan: ReadyPlan): Promise<void> {
  const answer = await hive.launcher.ready(plan)
  if (answer.state === 'gone') throw new AppError('host_failed', 'The restored site ended while its services started.')
  if (answer.state === 'silent')
    throw new AppError('timed_out', "The restored site's services do not answer.", { cause: new Error(answer.reason) })
}
