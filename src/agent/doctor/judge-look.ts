import { type Sign, sign } from '../../model/doctor.js'
import type { ContainerLook } from '../host/container-look.js'

const ALMOST_NONE = { max_inotify_instances: 32, max_inotify_watches: 16_384 } as const
/** Each must be there: without the file the kernel has no such table, and the launcher says nothing of it. */
const NEEDED = ['max_user_namespaces', 'max_net_namespaces', 'max_mnt_namespaces', 'max_inotify_instances']

/** Namespaces that the host does not own, of container `id`. Pure. */
export function findOwnerSigns(id: string, look: ContainerLook): Sign[] {
  const foreign = Object.entries(look.owners).filter(([, owner]) => owner !== 'host')
  return [
    ...foreign.map(([name]) => sign(`${id}: ${name}`, 'owned by the site', 'owned by the host')),
    ...(look.parent === 'outer' ? [] : [sign(`${id}: user`, `parent ${look.parent}`, 'parent outer')]),
  ]
}

/** Ceilings of container `id` that were raised or never set. Pure. */
export function findCeilingSigns(id: string, look: ContainerLook): Sign[] {
  return (['outer', 'inner'] as const).flatMap((which) => {
    const found = look.ceilings[which]
    const most = (name: string) => (ALMOST_NONE as Record<string, number>)[name] ?? 0
    const raised = Object.entries(found).filter(([name, value]) => value > most(name))
    const absent = NEEDED.filter((name) => found[name] === undefined)
    return [
      ...raised.map(([name, value]) => sign(`${id}: ${which} ${name}`, String(value), String(most(name)))),
      ...absent.map((name) => sign(`${id}: ${which} ${name}`, '–', String(most(name)))),
    ]
  })
}
