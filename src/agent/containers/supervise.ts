import { bringDown } from './bring-down.js'
import { bringUp } from './bring-up.js'
import { planAttempts, planPauseMs } from './comeback.js'
import { type Container, changeRecordAtOnce, type Hive } from './hive.js'
import type { Life } from './life.js'
import { setPhase } from './phase.js'
import { rest } from './rest.js'

/** PID 1 of a container has ended. Whoever holds the lock then (a stop, a start that failed) sees to it; else nobody had asked for it. */
export function onGone(hive: Hive, container: Container, life: Life): void {
  void hive.locks.run(container.id, async () => {
    if (container.life !== life) return
    hive.log.warn('ended unexpectedly', { id: container.id, pid: life.pid })
    container.attempts = planAttempts(container.attempts, life.startedAt, Date.now())
    await bringDown(hive, container).catch((error: unknown) => hive.log.error('undo', { id: container.id, error }))
    container.life = undefined
    if (isMissing(hive, container)) scheduleComeback(hive, container)
    else await rest(hive, container)
  })
}

/** Brings a container back after a pause that doubles with every try. */
export function scheduleComeback(hive: Hive, container: Container, pauseMs = planPauseMs(container.attempts)): void {
  if (hive.isClosing || container.comeback) return
  if (container.phase !== 'failed') setPhase(hive, container, 'starting')
  container.comeback = setTimeout(() => {
    void hive.locks.run(container.id, () => comeBack(hive, container))
  }, pauseMs)
}

export function cancelComeback(container: Container): void {
  clearTimeout(container.comeback)
  container.comeback = undefined
}

async function comeBack(hive: Hive, container: Container): Promise<void> {
  container.comeback = undefined
  if (!isMissing(hive, container)) return
  container.attempts += 1
  await changeRecordAtOnce(hive, container, { restarts: container.record.restarts + 1 })
  await bringBack(hive, container)
}

/** Whether a container should run and does not. */
export function isMissing(hive: Hive, container: Container): boolean {
  const isCurrent = hive.containers.get(container.id) === container
  const { wanted, asleep } = container.record
  return !hive.isClosing && isCurrent && container.life === undefined && wanted === 'running' && !asleep
}

/** One try; a failed one has said so in its phase and in the log, and is followed by another. The caller holds the container's lock. */
export async function bringBack(hive: Hive, container: Container): Promise<void> {
  await bringUp(hive, container, () => undefined).catch(() => scheduleComeback(hive, container))
}
