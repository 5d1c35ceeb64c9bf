import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startAgent } from '../subject.mjs'

/** Sites of ours, by the calls of the agent. */
export async function ruche({ folder, group }) {
  const own = join(folder, 'ruche')
  mkdirSync(own)
  const agent = await startAgent(own, group)
  const id = (index) => `s${index}`
  return {
    name: 'ruche',
    folder: own,
    addressOf: (index) => `10.1.1.${index + 2}`,
    ready: async () => undefined,
    create: async (index) => {
      const limits = { cpuMilli: 2000, memoryBytes: 256 * 1024 ** 2 }
      await agent.engine.create(agent.specFor(id(index), index + 2, 'nginx-php-none', limits), agent.context)
    },
    start: (index) => agent.engine.start(id(index), agent.context),
    stop: (index) => agent.engine.stop(id(index), agent.context),
    destroy: (index) => agent.engine.destroy(id(index), agent.context),
    close: () => agent.close(),
  }
}
