import type { Hive } from './hive.js'

const MOST_AT_ONCE = 3
const MOST_SHARE = 0.2

export interface StrangersPlan {
  /** Groups of processes that belong to no container we know. */
  strangers: string[]
  /** So many that rather our records are lost than the groups left over: nothing is touched. */
  isTooMany: boolean
}

/** Pure. `known`: also those whose record cannot be read. A group whose name begins with a dot is no container's. */
export function planStrangers(groups: readonly string[], known: ReadonlySet<string>): StrangersPlan {
  const sites = groups.filter((group) => !group.startsWith('.'))
  const strangers = sites.filter((group) => !known.has(group))
  return { strangers, isTooMany: strangers.length > MOST_AT_ONCE && strangers.length > MOST_SHARE * sites.length }
}

/** Ends what a lost container left running; with too many of them it touches nothing and says so. */
export async function removeStrangers(hive: Hive): Promise<void> {
  const known = new Set([...hive.containers.keys(), ...hive.broken])
  const { strangers, isTooMany } = planStrangers(await hive.cgroups.list(), known)
  if (isTooMany) {
    hive.log.error('too many strangers: nothing is touched', { strangers })
    return
  }
  for (const id of strangers) {
    // A verb that holds the name may just be making or removing it.
    if (hive.locks.isBusy(id)) continue
    hive.log.warn('stranger removed', { id, processes: (await hive.cgroups.processes(id)).length })
    await hive.cgroups.kill(id)
    await hive.cgroups.remove(id)
  }
}
