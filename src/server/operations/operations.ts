import { AppError, asAppError } from '../../model/errors.js'
import { isAboutTemplates, type Operation } from '../../model/operation.js'
import type { Note } from '../../model/progress.js'
import type { Log } from '../log.js'
import { newId } from '../new-id.js'
import {
  findOperation,
  listOperations,
  listRunning,
  type OperationSearch,
  type OwnOperations,
  pruneOperations,
  saveOperation,
  searchOperations,
} from '../register/operations.js'
import type { Register } from '../register/register.js'
import type { Changes } from './changes.js'
import { beginOperation, type LiveOperation } from './live-operation.js'
import { throttle } from './throttle.js'

/** What slow work is given: where to tell its progress, and whether somebody gave it up. */
export interface Work {
  id: string
  signal: AbortSignal
  note: Note
}

export interface OperationRequest<P> {
  kind: Operation['kind']
  subject: string
  by: string
  cancellable?: true | undefined
  /** What must be true and durable before the operation is acknowledged; its error is the caller's, and nothing was begun. */
  prepare: () => Promise<P>
  run: (work: Work, prepared: P) => Promise<void>
}

/** Slow work: one at a time on a subject, persisted at its start and its end. */
export interface Operations {
  /** AppError `busy` while another runs on the same subject (`conflict` for a creation: the name is taken). */
  begin<P>(request: OperationRequest<P>): Promise<{ operation: Operation; prepared: P }>
  find(id: string): Promise<Operation | undefined>
  /** Newest first; all, or somebody's own. */
  list(only?: OwnOperations): Promise<Operation[]>
  /** One page of everybody's, newest first, and how many there are in all. */
  search(search: OperationSearch): Promise<{ operations: Operation[]; count: number }>
  runningOn(kind: 'site' | 'template', subject: string): Operation | undefined
  /** Gives up what can be given up. AppError `conflict` when it cannot, or has ended. */
  cancel(id: string): Promise<Operation>
  /** Resolves when that operation has ended and is written. */
  ended(id: string): Promise<void>
  /** Resolves when nothing runs any more, or after that time. */
  drain(timeoutMs: number): Promise<void>
  /** Closes what the last server left running: nobody works on it now. */
  closeAbandoned(): Promise<Operation[]>
}

interface Running {
  live: LiveOperation
  abort: AbortController
  done: Promise<void>
}

interface Parts {
  register: Register
  changes: Changes
  log: Log
  now: () => Date
}

const LIST_LENGTH = 200
const EVENT_INTERVAL_MS = 200
const KEEP_MS = 30 * 24 * 3_600_000

export function openOperations(parts: Parts): Operations {
  const running = new Map<string, Running>()
  /** Subject → id of the operation on it, or undefined while that one is being prepared. */
  const taken = new Map<string, { kind: Operation['kind']; by: string; id?: string }>()
  const { register, log, now } = parts
  const asItIsNow = (saved: Operation): Operation => running.get(saved.id)?.live.look() ?? saved

  return {
    async begin(request) {
      const key = subjectKey(request.kind, request.subject)
      const other = taken.get(key)
      if (other) throw request.kind === 'site.create' ? nameTaken(request.subject) : busy(request.subject, other)
      const claim: { kind: Operation['kind']; by: string; id?: string } = { kind: request.kind, by: request.by }
      taken.set(key, claim)
      try {
        const prepared = await request.prepare()
        const operation = await launch(parts, running, request, prepared, () => taken.delete(key))
        claim.id = operation.id
        return { operation, prepared }
      } catch (error) {
        taken.delete(key)
        throw error
      }
    },
    find: async (id) => running.get(id)?.live.look() ?? (await findOperation(register.db, id)),
    async list(only) {
      return (await listOperations(register.db, LIST_LENGTH, only)).map(asItIsNow)
    },
    async search(search) {
      const { operations, count } = await searchOperations(register.db, search)
      return { operations: operations.map(asItIsNow), count }
    },
    runningOn(kind, subject) {
      const id = taken.get(`${kind}/${subject}`)?.id
      return id === undefined ? undefined : running.get(id)?.live.look()
    },
    async cancel(id) {
      const found = running.get(id)
      if (!found?.live.look().cancellable)
        throw new AppError('conflict', found ? 'This operation cannot be cancelled.' : 'This operation has ended.')
      found.abort.abort(new AppError('conflict', 'It was cancelled.'))
      return found.live.look()
    },
    ended: async (id) => running.get(id)?.done,
    async drain(timeoutMs) {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs)
      })
      await Promise.race([Promise.allSettled([...running.values()].map((one) => one.done)), late])
      clearTimeout(timer)
    },
    async closeAbandoned() {
      const left = await listRunning(register.db)
      for (const operation of left) await closeOne(parts, operation)
      await pruneOperations(register.db, new Date(now().getTime() - KEEP_MS).toISOString())
      if (left.length > 0)
        log.info({ operations: left.map((one) => one.id) }, 'closed what the last server left running')
      return left
    },
  }
}

async function launch<P>(
  parts: Parts,
  running: Map<string, Running>,
  request: OperationRequest<P>,
  prepared: P,
  release: () => void,
): Promise<Operation> {
  const { kind, subject, by, cancellable } = request
  const told = throttle(EVENT_INTERVAL_MS, () => parts.changes.publish({ type: 'operation', operation: live.look() }))
  const start = { id: newId(), kind, subject, by, ...(cancellable && { cancellable }) }
  const live = beginOperation(start, parts.now, told.call)
  const abort = new AbortController()
  const work: Work = { id: live.id, signal: abort.signal, note: live.note }
  await save(parts, live.look())
  parts.log.info({ id: live.id, kind, subject, by }, 'operation begins')
  const done = settle(parts, live, abort.signal, () => request.run(work, prepared)).then(() => {
    running.delete(live.id)
    release()
    told.flush()
    if (!isAboutTemplates(kind)) parts.changes.publish({ type: 'site', name: subject })
  })
  running.set(live.id, { live, abort, done })
  told.call()
  return live.look()
}

async function settle(parts: Parts, live: LiveOperation, signal: AbortSignal, run: () => Promise<void>): Promise<void> {
  try {
    await run()
    live.end('done')
    parts.log.info({ id: live.id, steps: stepTimes(live.look()) }, 'operation done')
  } catch (error) {
    const known = asAppError(error)
    const { id, kind, subject } = live.look()
    live.end(signal.aborted ? 'cancelled' : 'failed', known)
    const level = known.code === 'internal' ? 'error' : 'info'
    parts.log[level]({ id, kind, subject, code: known.code, err: known.cause ?? known }, 'operation did not succeed')
  }
  await save(parts, live.look())
}

function stepTimes({ steps }: Operation): Record<string, number | undefined> {
  return Object.fromEntries(steps.map((step) => [step.name, step.durationMs]))
}

// A register that cannot be written must not stop work that is needed to get out of that state.
async function save(parts: Parts, operation: Operation): Promise<void> {
  await saveOperation(parts.register.db, operation).catch((error: unknown) =>
    parts.log.error({ id: operation.id, err: error }, 'operation could not be written'),
  )
}

async function closeOne(parts: Parts, operation: Operation): Promise<void> {
  const message = 'The server ended while this was running; what was wanted is carried on by itself.'
  const endedAt = parts.now().toISOString()
  const { message: _, percent: __, cancellable: ___, ...rest } = operation
  await saveOperation(parts.register.db, {
    ...rest,
    state: 'failed',
    endedAt,
    log: [...operation.log, `failed: ${message}`],
    error: { code: 'unavailable', message, id: operation.id },
  })
}

function subjectKey(kind: Operation['kind'], subject: string): string {
  return `${isAboutTemplates(kind) ? 'template' : 'site'}/${subject}`
}

const DOING: Record<Operation['kind'], string> = {
  'site.create': 'creating it',
  'site.start': 'starting it',
  'site.stop': 'stopping it',
  'site.restart': 'restarting it',
  'site.sleep': 'putting it to sleep',
  'site.destroy': 'deleting it',
  'site.limits': 'changing its limits',
  'site.domains': 'changing its domain names',
  'site.credentials': 'changing its access',
  'site.deploy': 'deploying to it',
  'site.environment': 'changing its variables',
  'site.settings': 'changing how it is served',
  'site.update': 'moving it to another template',
  'site.packages': 'changing its packages',
  'site.stack': 'changing its stack',
  'site.unpack': 'unpacking an archive',
  'site.backup': 'backing it up',
  'site.fetch': 'fetching a backup of it',
  'site.restore': 'restoring it',
  'site.owner': 'handing it over',
  'template.build': 'building it',
  'template.check': 'looking for updates',
  'template.update': 'updating them',
  'template.rollout': 'moving its sites',
}

// Whoever is working on a site of that name has the name.
function nameTaken(name: string): AppError {
  const message = 'this name is taken'
  return new AppError('conflict', `${name}: ${message}.`, { fields: [{ path: 'name', message }] })
}

function busy(subject: string, other: { kind: Operation['kind']; by: string; id?: string }): AppError {
  const hint = other.id ? `Wait until operation ${other.id} has ended.` : 'Try again in a moment.'
  return new AppError('busy', `${subject} is busy: ${other.by} is ${DOING[other.kind]}.`, { hint })
}
