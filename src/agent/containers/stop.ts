import type { Note } from '../../model/progress.js'
import { bringDown } from './bring-down.js'
import type { Caller } from './caller.js'
import { type Container, changeRecordAtOnce, getContainer, type Hive, publishPorts } from './hive.js'
import type { Life } from './life.js'
import { restingPhase, setPhase } from './phase.js'
import { rest } from './rest.js'
import { makeSteps, type Steps } from './steps.js'
import { cancelComeback } from './supervise.js'

/** What the supervisor inside needs on top of its services' own grace times. */
const MARGIN_MS = 5000

/** Ordered clean stop. Stopped already: no change. */
export async function stopContainer(hive: Hive, id: string, caller: Caller): Promise<{ clean: boolean }> {
  return hive.locks.run(id, async () => {
    const container = getContainer(hive, id)
    cancelComeback(container)
    await changeRecordAtOnce(hive, container, { wanted: 'stopped', asleep: false })
    return { clean: await takeDown(hive, container, caller.note) }
  })
}

/** Stops a container without a word about what is wanted; true when nothing had to be killed. The caller holds the container's lock. */
export async function takeDown(hive: Hive, container: Container, note: Note): Promise<boolean> {
  const { life } = container
  if (!life) {
    await rest(hive, container)
    return true
  }
  const steps = makeSteps(note)
  setPhase(hive, container, 'stopping')
  const clean = await steps.run('services', () => endServices(hive, container, life, steps))
  await steps.run('network', () => bringDown(hive, container))
  setPhase(hive, container, restingPhase(container))
  hive.log.info('stopped', { id: container.id, clean, timesMs: steps.timesMs })
  return clean
}

async function endServices(hive: Hive, container: Container, life: Life, steps: Steps): Promise<boolean> {
  const said = hive.consoles.mark(container.id)
  container.isReachable = container.record.asleep
  const [, deadlineMs] = await Promise.all([
    hive.launcher.signal(life, 'SIGTERM'),
    stopDeadlineMs(hive, container),
    steps.runBeside('firewall', () => publishPorts(hive)),
  ])
  if ((await Promise.race([life.gone, lateAfter(deadlineMs)])) === 'late') {
    hive.log.warn('had to be killed', { id: container.id, afterMs: deadlineMs })
    return false
  }
  // The supervisor inside says at its end whether a service had outlived its grace; a first process that died of something else says nothing.
  return /^stop: clean$/m.test(hive.consoles.saidSince(container.id, said))
}

async function stopDeadlineMs(hive: Hive, { record }: Container): Promise<number> {
  const { manifest } = await hive.templates.get(record.template)
  return manifest.services.reduce((sum, { stopGraceMs }) => sum + stopGraceMs, MARGIN_MS)
}

function lateAfter(timeMs: number): Promise<'late'> {
  return new Promise((resolve) => setTimeout(resolve, timeMs, 'late').unref())
}
