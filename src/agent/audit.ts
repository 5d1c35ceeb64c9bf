import type { CallName } from '../model/calls.js'
import type { ContainerSpec } from '../model/container.js'
import { AppError } from '../model/errors.js'
import { stackName } from '../model/stack.js'
import { type AuditSizes, openAuditFile } from './audit-file.js'
import { plainJson } from './plain-json.js'

/** Looks that change nothing and show nothing of a site's inside. */
const UNRECORDED: readonly CallName[] = [
  'host.status',
  'events',
  'container.get',
  'container.list',
  'container.ssh',
  'template.list',
  'template.choices',
]
/** What must be possible on a host whose disk is full, even unrecorded. */
const RELIEF: readonly CallName[] = ['container.stop', 'container.destroy', 'host.stopAll']
/** A gigabyte and a bit: millions of acts. */
const SIZES: AuditSizes = { mostBytes: 64 * 1024 ** 2, keep: 16 }

export interface AuditedAct {
  end(outcome: string): void
}

export interface Audit {
  /** Of the log itself. */
  readonly path: string
  /** Writes down what is about to be done. AppError `host_failed` when that is not possible and the act can wait. */
  begin(actor: string, call: CallName, params: object): AuditedAct
  close(): void
}

/**
 * Append-only JSON lines, two per act (`begin` before its effect, `end` with its outcome, joined by `act`), written at once. Nothing of a site's
 * settings or files' content is ever in it.
 */
export function openAudit(path: string, onLost: (error: unknown) => void, sizes: AuditSizes = SIZES): Audit {
  const file = openAuditFile(path, sizes, onLost)
  let acts = 0
  const write = (line: object): void => file.add(plainJson({ time: new Date().toISOString(), ...line }))
  return {
    path,
    begin(actor, call, params) {
      if (UNRECORDED.includes(call)) return { end: () => undefined }
      const act = `${process.pid}-${++acts}`
      try {
        write({ act, actor, call, ...auditFacts(params) })
      } catch (cause) {
        onLost(cause)
        if (!RELIEF.includes(call)) throw unrecorded(cause)
      }
      return { end: (outcome) => endAct(() => write({ act, outcome }), onLost) }
    },
    close: () => file.close(),
  }
}

function endAct(write: () => void, onLost: (error: unknown) => void): void {
  try {
    write()
  } catch (error) {
    onLost(error)
  }
}

function unrecorded(cause: unknown): AppError {
  return new AppError('host_failed', 'The audit log cannot be written, so nothing was done.', {
    hint: 'Most likely the disk of the host is full.',
    cause,
  })
}

const MOST_CHARACTERS = 1000
const PLAIN_FACTS = [
  'id',
  'path',
  'from',
  'to',
  'base',
  'lines',
  'timeoutMs',
  'stack',
  'force',
  'digest',
  'key',
  'backup',
  'table',
] as const

/** What may be written down of a call's parameters: a list of what is let through, so that a new field is left out until somebody thought of it. */
export function auditFacts(params: object): object {
  const known = params as Partial<Record<string, unknown>> & { spec?: ContainerSpec; argv?: string[]; content?: string }
  return {
    ...Object.fromEntries(
      PLAIN_FACTS.filter((name) => known[name] !== undefined).map((name) => [name, shorten(known[name])]),
    ),
    ...(known.spec && specFacts(known.spec)),
    ...(known.argv && { program: known.argv[0]?.slice(0, 200), arguments: known.argv.length - 1 }),
    ...(known.content !== undefined && { bytes: Math.floor((known.content.length * 3) / 4) }),
  }
}

function shorten(value: unknown): unknown {
  return typeof value === 'string' ? value.slice(0, MOST_CHARACTERS) : value
}

function specFacts({ id, stack, template, address, sftpPort, limits }: ContainerSpec): object {
  return { id, stack: stackName(stack), template, address, sftpPort, limits }
}
