import type { ContainerSpec, ContainerStatus } from '../../model/container.js'
import { AppError } from '../../model/errors.js'
import { stackName } from '../../model/stack.js'
import { checkDisk, checkFree } from './admission.js'
import { settingsOf } from './bring-up.js'
import type { Caller } from './caller.js'
import { pickTemplate } from './create.js'
import { lookDiskFor, promisedBytes } from './disk.js'
import { type Container, changeRecord, getContainer, type Hive, publishPorts, tell } from './hive.js'
import { runInside } from './inside.js'
import type { SettingsRecords } from './settings-records.js'
import { statusOf } from './status.js'
import { makeSteps, type Steps } from './steps.js'

const APPLY_TIMEOUT_MS = 30_000

/**
 * Gives a container a new spec: limits and settings at once, a template and a larger disk at its next start. Another stack only while it is stopped: what
 * the former database held stays on its image. The same spec again: no change.
 */
export async function updateContainer(hive: Hive, spec: ContainerSpec, caller: Caller): Promise<ContainerStatus> {
  return hive.locks.run(spec.id, async () => {
    const container = getContainer(hive, spec.id)
    const before = container.record
    const steps = makeSteps(caller.note)
    await checkChange(hive, container, spec)
    await writeChange(hive, container, spec, steps).finally(() => (container.growthBytes = 0))
    if (spec.sftpPort !== before.spec.sftpPort) await steps.run('firewall', () => publishPorts(hive))
    if (container.life) await steps.run('settings', () => applySettings(hive, container))
    tell(hive, { type: 'container', status: statusOf(hive, container) })
    return statusOf(hive, container)
  })
}

async function writeChange(hive: Hive, container: Container, spec: ContainerSpec, steps: Steps): Promise<void> {
  const template = await pickTemplate(hive, { ...spec, template: spec.template ?? container.record.template })
  // First what the kernel may refuse; a crash right after is mended by the adoption, which sets the limits of the record again.
  if (container.life) await steps.run('limits', () => hive.cgroups.setLimits(spec.id, spec.limits))
  await steps.run('record', () => changeRecord(hive, container, { spec, template }))
}

async function checkChange(hive: Hive, container: Container, spec: ContainerSpec): Promise<void> {
  const { record } = container
  if (record.wanted === 'absent') throw new AppError('conflict', `${spec.id} is being destroyed.`)
  if (stackName(spec.stack) !== stackName(record.spec.stack) && container.life)
    throw new AppError('conflict', `${spec.id} runs: its stack can only be changed while it is stopped.`)
  if (spec.address !== record.spec.address) throw fixed('address')
  if (spec.limits.diskBytes < record.spec.limits.diskBytes)
    throw new AppError('invalid', "A site's disk can only grow.", {
      fields: [{ path: 'limits.diskBytes', message: 'not less than now' }],
    })
  const others = [...hive.containers.values()].filter((other) => other !== container)
  checkFree(
    spec,
    others.map((other) => other.record.spec),
  )
  const growth = spec.limits.diskBytes - record.spec.limits.diskBytes
  if (growth === 0) return
  const disk = await lookDiskFor(hive, growth)
  // From here to the promise nothing waits, so no two can be given the same room.
  checkDisk(promisedBytes(hive) + growth, disk)
  container.growthBytes = growth
}

function fixed(path: string): AppError {
  return new AppError('invalid', `The ${path} of a container cannot be changed.`, {
    fields: [{ path, message: 'cannot be changed' }],
  })
}

/** Lays the settings that differ from those the inside has, and has its services follow them. */
export async function applySettings(hive: Hive, container: Container): Promise<void> {
  const settings = settingsOf(hive, container)
  const wanted = JSON.stringify(settings)
  if (container.appliedSettings === wanted) return
  const had = JSON.parse(container.appliedSettings ?? '{}') as Partial<SettingsRecords>
  container.appliedSettings = undefined
  for (const [name, value] of Object.entries(settings)) {
    if (had[name] === value) continue
    await runOwn(hive, container.id, ['/usr/lib/ruche/change-setting', name], value)
  }
  await runOwn(hive, container.id, ['/usr/lib/ruche/apply', 'live'])
  container.appliedSettings = wanted
}

async function runOwn(hive: Hive, id: string, argv: string[], stdin = ''): Promise<void> {
  const program = {
    uid: 0,
    cwd: '/',
    argv,
    stdin: Buffer.from(stdin),
    timeoutMs: APPLY_TIMEOUT_MS,
    maxBytes: 16 * 1024,
  }
  const { exitCode, stderr } = await runInside(hive, id, program)
  if (exitCode === 0) return
  throw new AppError('host_failed', 'The new settings could not be given to the running site.', {
    hint: 'They hold from its next start on.',
    cause: new Error(`${argv.join(' ')}: ${exitCode}: ${stderr}`),
  })
}
