import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Check, judge, type Sign, sign, unknownCheck } from '../../model/doctor.js'
import { explainFailure } from '../containers/explain-failure.js'
import type { Hive } from '../containers/hive.js'
import { SLOTS, uidBaseOf } from '../containers/record.js'
import { makeImage } from '../host/images.js'
import { findProcessFacts, listMounts, ownNamespaces } from '../host/process-facts.js'
import { findStartTime } from '../host/processes.js'
import type { Attempt } from '../host/prove.js'
import { findCeilingSigns, findOwnerSigns } from './judge-look.js'
import { findMountSigns } from './judge-mounts.js'
import { findProcessSigns } from './judge-process.js'
import { findLasting } from './lasting.js'
import { findTemplates } from './templates.js'

type Rooms = Pick<Hive, 'settings' | 'locks' | 'cgroups' | 'launcher'>

/** No site can have this name, its lock, its group or its range of ids (slots end before it). */
const ID = '.doctor'
const UID_BASE = uidBaseOf(SLOTS)
const MIB = 1024 ** 2
const LIMITS = { cpuMilli: 500, memoryBytes: 64 * MIB, diskBytes: 16 * MIB, pids: 16 }

/** Starts a throw-away container as every site is started, and looks at it from inside and outside. */
export async function examineProbe(hive: Rooms): Promise<Check[]> {
  return hive.locks.run(ID, async () => {
    try {
      const [template] = await findTemplates(hive)
      if (template === undefined) return neither('no template was built yet')
      return await withImage(hive, (image) => prove(hive, template, image))
    } catch (error) {
      const why = explainFailure(error).message
      return [
        judge('probe.refusals', [sign('launch prove', why, 'a container')]),
        unknownCheck('probe.confinement', why),
      ]
    }
  })
}

const neither = (reason: string): Check[] => [
  unknownCheck('probe.refusals', reason),
  unknownCheck('probe.confinement', reason),
]

/** Half-made folders are swept at the agent's next start, should it die here. */
async function withImage<T>({ settings }: Rooms, work: (image: string) => Promise<T>): Promise<T> {
  const folder = join(settings.stateFolder, 'sites', `.build-${ID}`)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  try {
    const image = join(folder, 'image')
    await makeImage(image, LIMITS.diskBytes)
    return await work(image)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function prove(hive: Rooms, templateTree: string, image: string): Promise<Check[]> {
  await hive.cgroups.ensure(ID, LIMITS)
  try {
    await hive.cgroups.kill(ID)
    const cgroupProcs = hive.cgroups.procsFiles(ID)
    const proof = await hive.launcher.prove({ cgroupProcs, templateTree, image, uidBase: UID_BASE, data: [] })
    try {
      const confinement = await findLasting(() => findSigns(hive))
      const wrong = await hive.cgroups.wrongLimits(ID, LIMITS)
      const limits = wrong.map(({ file, found, wanted }) => sign(`${ID}: ${file}`, found, wanted))
      return [
        judge('probe.refusals', findAttemptSigns(proof.attempts)),
        judge('probe.confinement', [...confinement, ...limits]),
      ]
    } finally {
      await proof.end()
    }
  } finally {
    await hive.cgroups.kill(ID)
    await hive.cgroups.remove(ID)
  }
}

async function findSigns(hive: Rooms): Promise<Sign[]> {
  const pids = await hive.cgroups.processes(ID)
  const facts = pids.map(findProcessFacts).filter((found) => found !== undefined)
  const first = facts[0]
  if (first === undefined) return [sign(ID, 'no process', 'two')]
  const confinement = { id: ID, uidBase: UID_BASE, host: ownNamespaces(), container: first.namespaces }
  const startTime = findStartTime(first.pid) ?? 0
  const look = await hive.launcher.look({ pid: first.pid, startTime })
  return [
    ...facts.flatMap((one) => findProcessSigns(one, confinement)),
    ...findMountSigns(ID, listMounts(first.pid)),
    ...(look ? [...findOwnerSigns(ID, look), ...findCeilingSigns(ID, look)] : [sign(ID, 'gone', 'alive')]),
  ]
}

/** Pure: what was not refused, and files that tell something. */
export function findAttemptSigns(attempts: readonly Attempt[]): Sign[] {
  return attempts
    .filter(({ answer }) => answer === 'done' || answer === 'something')
    .map(({ kind, about, answer }) => sign(about, answer, kind === 'try' ? 'EPERM' : 'nothing'))
}
