import { type Check, judge, type Sign, sign } from '../../model/doctor.js'
import type { Container, Hive } from '../containers/hive.js'
import type { Life } from '../containers/life.js'
import { uidBaseOf } from '../containers/record.js'
import { findProcessFacts, findUidMap, listMounts, ownNamespaces } from '../host/process-facts.js'
import { isAlive } from '../host/processes.js'
import { findCeilingSigns, findOwnerSigns } from './judge-look.js'
import { findMountSigns } from './judge-mounts.js'
import { type Confinement, findProcessSigns } from './judge-process.js'
import { findLasting } from './lasting.js'

interface Running {
  container: Container
  life: Life
}

/** Every running site, looked at from outside. */
export async function examineSites(hive: Hive): Promise<Check[]> {
  const running = [...hive.containers.values()].flatMap((container): Running[] =>
    container.life ? [{ container, life: container.life }] : [],
  )
  const [looks, processes, limits] = await Promise.all([
    collect(running, (one) => lookInto(hive, one)),
    collect(running, async (one) => onlyWhileAlive(one.life, await findLasting(() => findUnconfined(hive, one)))),
    collect(running, (one) => findLimitSigns(hive, one)),
  ])
  const mounts = running.flatMap(({ container, life }) =>
    onlyWhileAlive(life, findMountSigns(container.id, listMounts(life.pid))),
  )
  return [
    judge('sites.processes', processes),
    judge(
      'sites.namespaces',
      looks.flatMap(({ owners }) => owners),
    ),
    judge(
      'sites.ceilings',
      looks.flatMap(({ ceilings }) => ceilings),
    ),
    judge('sites.mounts', mounts),
    judge('sites.limits', limits),
  ]
}

async function collect<T>(running: readonly Running[], look: (one: Running) => Promise<T[]>): Promise<T[]> {
  return (await Promise.all(running.map(look))).flat()
}

/** What ends while it is looked at is not at fault. */
const onlyWhileAlive = <T>(life: Life, signs: T[]): T[] => (isAlive(life) ? signs : [])

async function lookInto(hive: Hive, { container, life }: Running): Promise<{ owners: Sign[]; ceilings: Sign[] }[]> {
  const look = await hive.launcher.look(life)
  if (look === undefined) return []
  return [{ owners: findOwnerSigns(container.id, look), ceilings: findCeilingSigns(container.id, look) }]
}

async function findUnconfined(hive: Hive, { container, life }: Running): Promise<Sign[]> {
  const { id, record } = container
  const uidBase = uidBaseOf(record.slot)
  const first = findProcessFacts(life.pid)
  if (first === undefined) return []
  const confinement: Confinement = { id, uidBase, host: ownNamespaces(), container: first.namespaces }
  const map = findUidMap(life.pid)
  const wanted = `0 ${uidBase} 65536`
  const facts = (await hive.cgroups.processes(id)).map(findProcessFacts).filter((found) => found !== undefined)
  return [
    ...(map === undefined || map === wanted ? [] : [sign(`${id}: uid_map`, map, wanted)]),
    ...[first, ...facts.filter(({ pid }) => pid !== first.pid)].flatMap((found) =>
      findProcessSigns(found, confinement),
    ),
  ]
}

async function findLimitSigns(hive: Hive, { container, life }: Running): Promise<Sign[]> {
  const { id, record } = container
  const wrong = await hive.cgroups.wrongLimits(id, record.spec.limits)
  return onlyWhileAlive(
    life,
    wrong.map(({ file, found, wanted }) => sign(`${id}: ${file}`, found, wanted)),
  )
}
