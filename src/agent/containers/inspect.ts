import type { ContainerStatus, ContainerUsage } from '../../model/container.js'
import { imageUsage, mountedUsage } from '../host/images.js'
import { type Container, getContainer, type Hive } from './hive.js'
import { imagePath } from './record.js'
import { statusOf } from './status.js'

/** One container with its counters. Never waits for a verb under way. AppError `not_found`. */
export async function inspectContainer(hive: Hive, id: string): Promise<ContainerStatus> {
  return inspect(hive, getContainer(hive, id))
}

/** All of them, by name. */
export async function listContainers(hive: Hive): Promise<ContainerStatus[]> {
  const containers = [...hive.containers.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  return Promise.all(containers.map((container) => inspect(hive, container)))
}

async function inspect(hive: Hive, container: Container): Promise<ContainerStatus> {
  // Nothing of a look is worth a failure: what is not known is left out.
  const [counters, diskUsedBytes] = await Promise.all([
    container.life ? hive.cgroups.usage(container.id).catch(() => ({})) : {},
    diskUsed(hive, container).catch(() => undefined),
  ])
  const usage: ContainerUsage = { ...counters, ...(diskUsedBytes !== undefined && { diskUsedBytes }) }
  return statusOf(hive, container, usage)
}

async function diskUsed(hive: Hive, { id, life, phase }: Container): Promise<number | undefined> {
  if (phase === 'creating') return undefined
  const usage = life ? await mountedUsage(life.pid) : await imageUsage(imagePath(hive.settings.stateFolder, id))
  return usage.usedBytes
}
