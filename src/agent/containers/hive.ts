import type { AgentSettings } from '../../model/agent-settings.js'
import type { AgentEvent } from '../../model/calls.js'
import type { Phase } from '../../model/container.js'
import { AppError } from '../../model/errors.js'
import type { Cgroups } from '../host/cgroups.js'
import type { ChangeWatch } from '../host/change-watch.js'
import type { Watch } from '../host/launch-watch.js'
import type { Launcher } from '../host/launcher.js'
import type { Network } from '../network/network.js'
import type { Consoles } from './consoles.js'
import type { Life } from './life.js'
import { type Locks, makeLocks } from './locks.js'
import type { Log } from './log.js'
import { type ContainerRecord, siteFolder, writeRecord } from './record.js'
import type { SiteTemplates } from './site-templates.js'
import type { Slots } from './slots.js'

/** Key of the lock that mending and closing the network share; no container can have this id. */
export const NETWORK = '.network'

/** A container as the agent knows it now. */
export interface Container {
  readonly id: string
  record: ContainerRecord
  /** The record could not be written as it is here; the next round tries again. */
  isUnwritten: boolean
  phase: Exclude<Phase, 'unknown'>
  /** In words, when `failed`. */
  reason?: string | undefined
  /** Its PID 1, while it lives. */
  life?: Life | undefined
  /** Whether the network lets others reach it. */
  isReachable: boolean
  /** The settings that its inside has been given, as text; unknown after an adoption. */
  appliedSettings?: string | undefined
  /** Programs that were started in it from outside and have not ended. */
  programs: number
  /** Whether the host may still track connections of its address. */
  hasConnections: boolean
  /** When it is to be brought back. */
  comeback?: NodeJS.Timeout | undefined
  /** How many times in a row it had to be brought back. */
  attempts: number
  /** Blocks that its image takes on the host, as last seen. */
  allocatedBytes: number
  /** What its disk is about to grow by: promised already, in no record yet. */
  growthBytes: number
}

/** The rooms below, opened. */
export interface Parts {
  readonly settings: AgentSettings
  readonly log: Log
  readonly cgroups: Cgroups
  readonly network: Network
  readonly launcher: Launcher
  readonly watch: Watch
  readonly changes: ChangeWatch
  readonly templates: SiteTemplates
  readonly consoles: Consoles
}

/** All containers of this machine and what they are made with. */
export interface Hive extends Parts {
  readonly containers: Map<string, Container>
  /** Folders whose record cannot be read: their ids stay taken, nothing of theirs is touched. */
  readonly broken: Set<string>
  readonly locks: Locks
  readonly listeners: Set<(event: AgentEvent) => void>
  /** Told when PID 1 of a container has ended; `openHive` says what then happens. */
  onGone: (container: Container, life: Life) => void
  slots: Slots
  /** The platform is going down: nothing is brought back any more. */
  isClosing: boolean
  readonly startedAt: string
  /** What somebody took from the network and the reconciler put back, the newest last. */
  readonly repairs: { at: number; missing: string[] }[]
}

export function makeHive(parts: Parts): Hive {
  return {
    ...parts,
    containers: new Map(),
    broken: new Set(),
    locks: makeLocks(),
    listeners: new Set(),
    onGone: () => undefined,
    slots: {},
    isClosing: false,
    startedAt: new Date().toISOString(),
    repairs: [],
  }
}

export function makeContainer(record: ContainerRecord, phase: Container['phase']): Container {
  return {
    id: record.spec.id,
    record,
    isUnwritten: false,
    phase,
    isReachable: false,
    programs: 0,
    hasConnections: record.begun,
    attempts: 0,
    allocatedBytes: 0,
    growthBytes: 0,
  }
}

/** AppError `not_found`. */
export function getContainer(hive: Hive, id: string): Container {
  const container = hive.containers.get(id)
  if (container) return container
  throw new AppError('not_found', `There is no container ${id}.`)
}

export function tell(hive: Pick<Hive, 'listeners'>, event: AgentEvent): void {
  for (const listener of hive.listeners) listener(event)
}

/** Changes what is kept of a container; durable when it returns, and only then in memory. */
export async function changeRecord(hive: Hive, container: Container, change: Partial<ContainerRecord>): Promise<void> {
  const record = { ...container.record, ...change }
  if (JSON.stringify(record) === JSON.stringify(container.record) && !container.isUnwritten) return
  const folder = siteFolder(hive.settings.stateFolder, container.id)
  try {
    await writeRecord(folder, record)
  } catch (error) {
    // It may be there all the same, only not for sure: then what holds is written over it.
    await writeRecord(folder, container.record).catch(() => {
      container.isUnwritten = true
    })
    throw error
  }
  container.record = record
  container.isUnwritten = false
}

/** As changeRecord, for what must be possible on a host whose disk is full: it holds for this agent, and is written as soon as that can be done. */
export async function changeRecordAtOnce(
  hive: Hive,
  container: Container,
  change: Partial<ContainerRecord>,
): Promise<void> {
  const before = container.record
  await changeRecord(hive, container, change).catch((error: unknown) => {
    hive.log.error('record not written', { id: container.id, change, error })
    container.record = { ...before, ...change }
    container.isUnwritten = true
  })
}

/** Tells the network which containers there are and which may be reached. */
export async function publishPorts(hive: Hive): Promise<void> {
  await hive.network.setPorts(
    [...hive.containers.values()].map(({ record, isReachable }) => ({
      n: record.spec.address,
      sftpPort: record.spec.sftpPort,
      up: isReachable,
    })),
  )
}
