import type { ContainerStatus } from '../../model/container.js'
import { isAboutTemplates, type Operation } from '../../model/operation.js'
import { LIFE_SOURCE, type LogEntry, type LogLevel } from '../../model/site-log.js'
import type { Journals } from '../journals/journals.js'
import { listUuids } from '../register/sites.js'
import type { SitesContext } from './context.js'

type LifeContext = Pick<SitesContext, 'register' | 'changes' | 'observed' | 'log' | 'now'> & { journals: Journals }

/** Writes down what becomes of each site: what was done with it, and what it did by itself. */
export interface LifeJournal {
  /** Listens no more; resolves when all is written. */
  close(): Promise<void>
}

export function openLifeJournal(context: LifeContext): LifeJournal {
  const { changes, observed, now } = context
  const seen = new Map<string, ContainerStatus>()
  let writing: Promise<void> = Promise.resolve()
  const told = new Map<string, Operation['state']>()
  const write = (name: string, found: { level: LogLevel; text: string }[]) => {
    const at = now().toISOString()
    const entries = found.map((one) => ({ at, source: LIFE_SOURCE, ...one }))
    if (entries.length > 0) writing = writing.then(() => add(context, name, entries))
  }
  const hearOperation = (operation: Operation) => {
    const { id, state, kind, subject } = operation
    if (isAboutTemplates(kind) || told.get(id) === state) return
    if (state === 'running') told.set(id, state)
    else told.delete(id)
    write(subject, [describeOperation(operation)])
  }
  const leave = changes.subscribe((change) => {
    if (change.type === 'operation') hearOperation(change.operation)
    if (change.type === 'siteGone') seen.delete(change.name)
    if (change.type !== 'site') return
    const status = observed.find(change.name)
    const before = seen.get(change.name)
    if (!status) return
    seen.set(change.name, status)
    if (before) write(change.name, describeChanges(before, status))
  })
  return {
    close() {
      leave()
      return writing
    },
  }
}

async function add({ register, journals, log }: LifeContext, name: string, entries: LogEntry[]): Promise<void> {
  try {
    const [site] = await listUuids(register.db, [name])
    if (site) await journals.add(site.uuid, 'life', entries)
  } catch (error) {
    log.error({ site: name, err: error }, 'what happened to a site could not be written down')
  }
}

/** Pure. */
export function describeOperation(operation: Operation): { level: LogLevel; text: string } {
  const { kind, by, state, error, createdAt, endedAt } = operation
  const what = `${kind.replace('site.', '')} by ${by}`
  if (state === 'running') return { level: 'info', text: `${what} begins` }
  const took = endedAt === undefined ? '' : ` after ${(Date.parse(endedAt) - Date.parse(createdAt)) / 1000} s`
  if (state === 'done') return { level: 'info', text: `${what} is done${took}` }
  return { level: state === 'failed' ? 'error' : 'warning', text: `${what} ${state}${took}: ${error?.message ?? ''}` }
}

/** Pure: what happened between two looks at a container. */
export function describeChanges(before: ContainerStatus, now: ContainerStatus): { level: LogLevel; text: string }[] {
  const kills = (now.usage?.oomKills ?? 0) - (before.usage?.oomKills ?? 0)
  return [
    ...(now.phase === before.phase
      ? []
      : now.phase === 'failed'
        ? [{ level: 'error' as const, text: `failed: ${now.reason ?? ''}` }]
        : [{ level: 'info' as const, text: `is ${now.phase}` }]),
    ...(now.restarts > before.restarts
      ? [{ level: 'warning' as const, text: `was brought back after it had ended by itself (${now.restarts})` }]
      : []),
    ...(kills > 0 && now.pid === before.pid
      ? [{ level: 'error' as const, text: `memory was full: ${kills} of its processes ended by the kernel` }]
      : []),
  ]
}
