import { lookAllAllocated } from './disk.js'
import { type Container, changeRecordAtOnce, type Hive, NETWORK } from './hive.js'
import { settle } from './recover.js'
import { removeStrangers } from './strangers.js'
import { isMissing, scheduleComeback } from './supervise.js'

const INTERVAL_MS = 30_000
/** Of the network, also when nobody said that it was changed. */
const LOOK_AT_LEAST_MS = 600_000
const REPAIRS_KEPT = 20

/** Looks every 30 s whether the host still is as it should be, and mends what is not. `alsoCheck`: what the rooms beside this one look at in the same round. */
export function reconcileForever(hive: Hive, alsoCheck: () => Promise<void>): { end(): void } {
  let isUnderWay = false
  const mendNetwork = makeMendNetwork(hive)
  const round = async (): Promise<void> => {
    if (isUnderWay || hive.isClosing) return
    isUnderWay = true
    for (const look of [mendNetwork, () => mendContainers(hive), alsoCheck, () => lookAllAllocated(hive)])
      await look().catch((error: unknown) => hive.log.error('reconcile', { error }))
    isUnderWay = false
  }
  const timer = setInterval(() => void round(), INTERVAL_MS)
  return { end: () => clearInterval(timer) }
}

/** Puts back what somebody took away of bridge, cables and firewall. Looking costs eight programs: where nobody has changed anything it is left out for a while. */
function makeMendNetwork(hive: Hive): () => Promise<void> {
  let lookAtMs = 0
  const look = async (): Promise<string[]> => {
    if (!hive.changes.take() && performance.now() < lookAtMs) return hive.network.checkSettings()
    lookAtMs = 0
    const missing = await hive.network.check()
    if (missing.length === 0) lookAtMs = performance.now() + LOOK_AT_LEAST_MS
    return missing
  }
  return () =>
    hive.locks.run(NETWORK, async () => {
      if (hive.isClosing) return
      const missing = await look()
      if (missing.length === 0) return
      hive.log.warn('network repaired', { missing })
      hive.repairs.push({ at: Date.now(), missing })
      hive.repairs.splice(0, hive.repairs.length - REPAIRS_KEPT)
      await hive.network.repair()
    })
}

/** A stop or a destruction that failed on its way. */
const isUnfinished = ({ record, life }: Container): boolean =>
  record.wanted === 'absent' || (record.wanted === 'stopped' && life !== undefined)

async function mendContainers(hive: Hive): Promise<void> {
  for (const container of hive.containers.values()) {
    if (isUnfinished(container) && !hive.locks.isBusy(container.id))
      await hive.locks.run(container.id, () => settle(hive, container, false))
    if (container.isUnwritten) await hive.locks.run(container.id, () => changeRecordAtOnce(hive, container, {}))
    if (isMissing(hive, container) && !hive.locks.isBusy(container.id)) scheduleComeback(hive, container)
  }
  await removeStrangers(hive)
}
