import type { ContainerStatus, ContainerUsage } from '../../model/container.js'
import { imageUsage, mountedUsage } from '../host/images.js'
import { type LinkCounters, readLinkCounters } from '../host/link-counters.js'
import { addressesOf, parseAddressPlan } from '../network/addresses.js'
import { type Container, getContainer, type Hive } from './hive.js'
import { imagePath } from './record.js'
import { statusOf } from './status.js'

/** One container with its counters. Never waits for a verb under way. AppError `not_found`. */
export async function inspectContainer(hive: Hive, id: string): Promise<ContainerStatus> {
  return inspect(hive, getContainer(hive, id), await findLinkCounters())
}

/** All of them, by name. */
export async function listContainers(hive: Hive): Promise<ContainerStatus[]> {
  const containers = [...hive.containers.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  const links = await findLinkCounters()
  return Promise.all(containers.map((container) => inspect(hive, container, links)))
}

// Nothing of a look is worth a failure: what is not known is left out.
const findLinkCounters = (): Promise<ReadonlyMap<string, LinkCounters>> => readLinkCounters().catch(() => new Map())

async function inspect(
  hive: Hive,
  container: Container,
  links: ReadonlyMap<string, LinkCounters>,
): Promise<ContainerStatus> {
  const [counters, diskUsedBytes] = await Promise.all([
    container.life ? hive.cgroups.usage(container.id).catch(() => ({})) : {},
    diskUsed(hive, container).catch(() => undefined),
  ])
  const link = container.life && links.get(linkOf(hive, container))
  const usage: ContainerUsage = {
    ...counters,
    ...(diskUsedBytes !== undefined && { diskUsedBytes }),
    // The machine's end of the cable: what it receives, the site has sent.
    ...(link && { receivedBytes: link.sentBytes, sentBytes: link.receivedBytes }),
  }
  return statusOf(hive, container, usage)
}

function linkOf({ settings: { network } }: Hive, { record }: Container): string {
  return addressesOf(parseAddressPlan(network.ipv4, network.ipv6), record.spec.address).link
}

async function diskUsed(hive: Hive, { id, life, phase }: Container): Promise<number | undefined> {
  if (phase === 'creating') return undefined
  const usage = life ? await mountedUsage(life.pid) : await imageUsage(imagePath(hive.settings.stateFolder, id))
  return usage.usedBytes
}
