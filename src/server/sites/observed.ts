import type { Engine } from '../../engine/engine.js'
import type { AgentEvent } from '../../model/calls.js'
import type { ContainerStatus } from '../../model/container.js'
import type { Log } from '../log.js'
import type { Changes } from '../operations/changes.js'

/** What the engine was last seen to have. Never stored; gone with the server. */
export interface Observed {
  /** False while the engine does not answer: then nothing is known, which is not the same as stopped. */
  answers(): boolean
  find(id: string): ContainerStatus | undefined
  all(): ContainerStatus[]
  /** Takes in what a verb answered. */
  note(status: ContainerStatus): void
  forget(id: string): void
  /** Lists the engine anew; false when it did not answer. */
  refresh(): Promise<boolean>
  /** Follows the engine until closed; `onFact` is told of everything that may need the reconciler. */
  follow(onFact: () => void): void
  close(): void
}

export function openObserved(engine: Engine, changes: Changes, log: Log): Observed {
  const statuses = new Map<string, ContainerStatus>()
  /** Ids heard of since a listing was asked for: the listing is older than that. */
  const heard = new Set<string>()
  const closing = new AbortController()
  let answers = false
  let refreshing: Promise<boolean> | undefined

  const tell = (id: string) => changes.publish({ type: 'site', name: id })
  const note = (status: ContainerStatus) => {
    heard.add(status.id)
    statuses.set(status.id, status)
    tell(status.id)
  }
  const forget = (id: string) => {
    heard.add(id)
    if (statuses.delete(id)) tell(id)
  }
  const setAnswers = (value: boolean) => {
    if (answers === value) return
    answers = value
    for (const id of statuses.keys()) tell(id)
  }
  const list = async () => {
    heard.clear()
    try {
      const listed = await engine.list()
      takeIn(statuses, listed, heard, tell)
      setAnswers(true)
      return true
    } catch (error) {
      if (answers) log.info({ err: error }, 'the engine does not answer')
      setAnswers(false)
      return false
    }
  }
  const refresh = () => {
    refreshing ??= list().finally(() => {
      refreshing = undefined
    })
    return refreshing
  }
  const hear = async (event: AgentEvent, onFact: () => void) => {
    if (event.type === 'resync') await refresh()
    else if (event.type === 'container') note(event.status)
    else if (event.type === 'gone') forget(event.id)
    else if (event.type === 'ssh') changes.publish({ type: 'ssh', name: event.id })
    else changes.publish({ type: 'templates' })
    if (event.type !== 'templates' && event.type !== 'ssh') onFact()
  }
  return {
    answers: () => answers,
    find: (id) => (answers ? statuses.get(id) : undefined),
    all: () => [...statuses.values()],
    note,
    forget,
    refresh,
    follow: (onFact) =>
      engine.follow((event) => {
        hear(event, onFact).catch((error: unknown) => log.error({ err: error }, 'an event of the engine was lost'))
      }, closing.signal),
    close: () => closing.abort(),
  }
}

function takeIn(
  statuses: Map<string, ContainerStatus>,
  listed: ContainerStatus[],
  heard: Set<string>,
  tell: (id: string) => void,
): void {
  const present = new Set(listed.map((status) => status.id))
  for (const id of [...statuses.keys()])
    if (!present.has(id) && !heard.has(id)) {
      statuses.delete(id)
      tell(id)
    }
  for (const status of listed) {
    if (heard.has(status.id)) continue
    const before = statuses.get(status.id)
    statuses.set(status.id, status)
    if (JSON.stringify(before) !== JSON.stringify(status)) tell(status.id)
  }
}
