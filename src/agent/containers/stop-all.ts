import type { Note } from '../../model/progress.js'
import { type Hive, NETWORK } from './hive.js'
import { takeDown } from './stop.js'
import { cancelComeback } from './supervise.js'

/** Stops every container cleanly and at the same time; what is wanted stays wanted, and nothing is brought back any more. Then `stopProxy`, and the network goes. */
export async function stopAllContainers(hive: Hive, note: Note, stopProxy: () => Promise<void>): Promise<void> {
  hive.isClosing = true
  let left = hive.containers.size
  const tellLeft = (): void => note({ step: 'containers', message: `${left} left` })
  tellLeft()
  const stops = await Promise.allSettled(
    [...hive.containers.values()].map(async (container) => {
      cancelComeback(container)
      await hive.locks.run(container.id, async () => {
        cancelComeback(container)
        await takeDown(hive, container, () => undefined)
      })
      left -= 1
      tellLeft()
    }),
  )
  note({ step: 'proxy' })
  await stopProxy()
  note({ step: 'network' })
  await hive.locks.run(NETWORK, () => hive.network.close())
  // A site that was left alone (its record cannot be read) keeps its group.
  if ((await hive.cgroups.list()).length === 0) await hive.cgroups.close()
  const failed = stops.find((stop) => stop.status === 'rejected')
  if (failed) throw failed.reason
}
