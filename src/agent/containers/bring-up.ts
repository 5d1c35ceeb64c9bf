import { closeSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { AppError } from '../../model/errors.js'
import type { Note } from '../../model/progress.js'
import { SITE_DISK_RATE } from '../host/cgroups.js'
import { findImageDevice, growImage } from '../host/images.js'
import type { StartedContainer } from '../host/start-container.js'
import { parseAddressPlan } from '../network/addresses.js'
import { bringDown } from './bring-down.js'
import { describeSilence } from './describe-silence.js'
import { explainFailure } from './explain-failure.js'
import { type Container, changeRecord, type Hive, publishPorts } from './hive.js'
import { type Life, watchLife, writeLife } from './life.js'
import { setPhase } from './phase.js'
import { imagePath, uidBaseOf } from './record.js'
import { renderSettingsRecords, type SettingsRecords } from './settings-records.js'
import type { SiteTemplate } from './site-templates.js'
import { makeSteps, type Steps } from './steps.js'

const READY_TIMEOUT_MS = 60_000
const PROGRAM_TIMEOUT_MS = 8000

/** From nothing to services that answer; on a failure everything is undone, the phase is `failed`, and the reason is thrown. The caller holds the container's lock. */
export async function bringUp(hive: Hive, container: Container, note: Note): Promise<void> {
  const steps = makeSteps(note)
  setPhase(hive, container, 'starting')
  try {
    await goUp(hive, container, steps)
  } catch (error) {
    const reason = explainFailure(error).message
    hive.log.warn('start failed', { id: container.id, timesMs: steps.timesMs, error })
    await bringDown(hive, container).catch((left: unknown) => hive.log.error('undo', { id: container.id, error: left }))
    setPhase(hive, container, 'failed', reason)
    throw error
  }
  setPhase(hive, container, 'running')
  hive.log.info('running', { id: container.id, timesMs: steps.timesMs })
}

async function goUp(hive: Hive, container: Container, steps: Steps): Promise<void> {
  const { id, record } = container
  const template = await steps.run('template', () => hive.templates.get(record.template))
  await steps.run('image', () => readyImage(hive, container))
  await steps.run('cgroup', () => readyCgroup(hive, container))
  const settings = settingsOf(hive, container)
  const started = await steps.run('launch', () => launch(hive, container, template, settings))
  const { pid, startTime } = started
  const facts = { pid, startTime, startedAt: new Date().toISOString(), ready: false, template: record.template }
  const life = watchLife(hive.watch, facts, (ended) => hive.onGone(container, ended))
  container.life = life
  container.hasConnections = true
  try {
    await Promise.all([
      writeLife(hive.settings.runFolder, id, life),
      boundDisk(hive, id, life.pid),
      steps.run('network', () => joinNetwork(hive, container, life)),
    ])
  } catch (error) {
    await started.giveUp()
    throw error
  }
  await steps.run('gate', () => started.openGate())
  await steps.run('ready', () => waitReady(hive, container, life, template))
  await letIn(hive, container, steps)
  // Who came while it slept has waited until now.
  await hive.network.release(record.spec.address)
  container.appliedSettings = JSON.stringify(settings)
  await keepReady(hive, container, life)
}

/** Who came before its services answer would see the errors of half a site; refused, he gets the front proxy's page. */
export async function letIn(hive: Hive, container: Container, steps: Steps): Promise<void> {
  container.isReachable = container.record.spec.sealed !== true
  await steps.run('firewall', () => publishPorts(hive))
}

/** Its services answer. The life says so last: until then a later agent goes on with what is left of the start. */
export async function keepReady(hive: Hive, container: Container, life: Life): Promise<void> {
  if (!container.record.begun) await changeRecord(hive, container, { begun: true })
  life.ready = true
  await writeLife(hive.settings.runFolder, container.id, life)
}

/** A sealed container keeps its own loopback and nothing else. */
export async function joinNetwork(hive: Hive, { record }: Container, { pid, startTime }: Life): Promise<void> {
  if (!record.spec.sealed) await hive.network.attach(record.spec.address, pid, startTime)
}

async function readyImage(hive: Hive, { id, record }: Container): Promise<void> {
  const path = imagePath(hive.settings.stateFolder, id)
  const { diskBytes } = record.spec.limits
  if ((await stat(path)).size < diskBytes - (diskBytes % 4096)) await growImage(path, diskBytes)
}

/** Nothing may live on the image when it is mounted: what an earlier agent left in the group is ended first. */
export async function readyCgroup(hive: Hive, { id, record }: Container): Promise<void> {
  await hive.cgroups.ensure(id, record.spec.limits)
  if ((await hive.cgroups.processes(id)).length > 0) await hive.cgroups.kill(id)
}

/** Also for a life that an earlier agent began. */
export async function boundDisk(hive: Hive, id: string, pid: number): Promise<void> {
  const device = findImageDevice(pid)
  if (device === undefined) throw new AppError('host_failed', 'the image of the container is not mounted')
  await hive.cgroups.setDiskRate(id, device, SITE_DISK_RATE)
}

export function settingsOf(hive: Hive, container: Container): SettingsRecords {
  const { ipv4, ipv6 } = parseAddressPlan(hive.settings.network.ipv4, hive.settings.network.ipv6).gateway
  return renderSettingsRecords(container.record.spec, [ipv4, ipv6])
}

/** The part of a start or a rescue that says what the file system is made of. */
export function rootPlan(hive: Hive, { id, record }: Container, template: SiteTemplate) {
  return {
    cgroupProcs: hive.cgroups.procsFiles(id),
    templateTree: template.tree,
    image: imagePath(hive.settings.stateFolder, id),
    uidBase: uidBaseOf(record.slot),
    data: template.manifest.data,
  }
}

async function launch(
  hive: Hive,
  container: Container,
  template: SiteTemplate,
  settings: SettingsRecords,
): Promise<StartedContainer> {
  const console = await hive.consoles.begin(container.id)
  try {
    return await hive.launcher.startContainer({
      ...rootPlan(hive, container, template),
      hostname: container.id,
      argv: ['/sbin/init'],
      settings,
      console,
    })
  } catch (error) {
    throw withWords(error, hive.consoles.saidSince(container.id, 0))
  } finally {
    closeSync(console)
  }
}

/** The launcher says on the console what it could not do. */
function withWords(error: unknown, said: string): unknown {
  const words = /^launch: (.{1,300})$/m.exec(said)?.[1]
  if (!(error instanceof AppError) || words === undefined) return error
  return new AppError(error.code, `${error.message}: ${words}`, { cause: error })
}

/** Waits until every service answers, as the template says; returns at once when they do. */
export async function waitReady(hive: Hive, container: Container, life: Life, template: SiteTemplate): Promise<void> {
  const answer = await hive.launcher.ready({
    pid: life.pid,
    startTime: life.startTime,
    cgroupProcs: hive.cgroups.procsFiles(container.id),
    probes: template.manifest.services.flatMap((service) => service.ready),
    timeoutMs: READY_TIMEOUT_MS,
  })
  if (answer.state === 'gone') throw new AppError('host_failed', 'The container ended while its services started.')
  if (answer.state === 'silent') throw describeSilence(template.manifest.services, answer.reason)
  await waitForProgram(hive, container, life, template)
}

/** The owner's program gets a moment to answer, so that its first visitor finds it there; whether it does is its own affair. */
async function waitForProgram(hive: Hive, { id }: Container, life: Life, { manifest }: SiteTemplate): Promise<void> {
  if (manifest.awaits.length === 0) return
  const { pid, startTime } = life
  const cgroupProcs = hive.cgroups.procsFiles(id)
  await hive.launcher.ready({ pid, startTime, cgroupProcs, probes: manifest.awaits, timeoutMs: PROGRAM_TIMEOUT_MS })
}
