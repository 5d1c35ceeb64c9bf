import type { CallName, CallParams, CallResult } from '../../model/calls.js'
import { AppError } from '../../model/errors.js'
import type { CallContext, Engine, ExecStreams, TerminalStreams } from '../engine.js'
import { type Ask, makeAsk } from './ask.js'
import type { Conversation } from './conversation.js'
import { followEvents } from './follow.js'
import { localBackups } from './local-backups.js'
import { localDatabase } from './local-database.js'
import { localFiles } from './local-files.js'

/** Looks are answered from memory; an agent that needs longer is not well. */
const LOOK_SILENCE_MS = 30_000

/** The engine whose containers are on this machine: a client of the agent's socket. */
export function openLocalEngine(socketPath: string): Engine {
  const ask = makeAsk(socketPath)
  const look = <N extends CallName>(call: N, params: CallParams<N>): Promise<CallResult<N>> =>
    ask(call, params, { actor: 'system', silenceMs: LOOK_SILENCE_MS })
  return {
    hostStatus: () => look('host.status', {}),
    doctor: (context) => ask('host.doctor', {}, { ...context, silenceMs: LOOK_SILENCE_MS }),
    readAudit: (search, context) => ask('host.audit', search, { ...context, silenceMs: LOOK_SILENCE_MS }),
    create: (spec, context) => ask('container.create', { spec }, context),
    copy: (from, spec, context) => ask('container.copy', { from, spec }, context),
    start: (id, context) => ask('container.start', { id }, context),
    stop: (id, context) => ask('container.stop', { id }, context),
    sleep: (id, context) => ask('container.sleep', { id }, context),
    update: (spec, context) => ask('container.update', { spec }, context),
    destroy: (id, context, key) => ask('container.destroy', { id, key }, context).then(() => undefined),
    untrash: (key, spec, context) => ask('container.untrash', { key, spec }, context),
    purge: (key, context) => ask('trash.purge', { key }, context).then(() => undefined),
    probe: (id, host, path) => look('container.probe', { id, host, path }),
    find: (id) => look('container.get', { id }).catch(undefinedWhenAbsent),
    list: async () => (await look('container.list', {})).containers,
    exec: async (id, program, streams, context) => {
      const { exitCode } = await ask('container.exec', { id, ...program }, { ...context, ...programStreams(streams) })
      return exitCode
    },
    terminal: (id, streams, context) => openTerminal(ask, id, streams, context),
    ssh: (id) => look('container.ssh', { id }),
    logs: async (id, lines) => (await ask('container.logs', { id, lines }, { actor: 'system' })).lines,
    programs: (id) => ask('container.programs', { id }, { actor: 'system' }),
    files: (id, actor) => localFiles(ask, id, actor),
    database: (id, actor) => localDatabase(ask, id, actor),
    backups: (key) => localBackups(ask, key),
    surveyBackups: async () => (await ask('backup.survey', {}, { actor: 'system' })).sites,
    choices: () => look('template.choices', {}),
    templates: async () => (await look('template.list', {})).templates,
    checkTemplates: async (context) => (await ask('template.check', {}, context)).templates,
    buildTemplate: (build, context) => ask('template.build', build, context),
    removeTemplate: (digest, context) => ask('template.remove', { digest }, context).then(() => undefined),
    reloadProxy: () => ask('proxy.reload', {}, { actor: 'system' }).then(() => undefined),
    follow: (onEvent, signal) => {
      followEvents(socketPath, onEvent, signal).catch((error: unknown) => {
        // Only a fault of `onEvent` itself comes here: it must not be lost in an ignored promise.
        queueMicrotask(() => {
          throw new Error('following the agent failed', { cause: error })
        })
      })
    },
  }
}

/** Stops every container and the front proxy, for the platform's own end; not a verb of the engine seam. */
export async function stopAllContainers(socketPath: string, context: CallContext): Promise<void> {
  await makeAsk(socketPath)('host.stopAll', {}, context)
}

function undefinedWhenAbsent(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'not_found') return undefined
  throw error
}

function programStreams(streams: ExecStreams): Pick<Conversation, 'stdin' | 'onStdout' | 'onStderr'> {
  return {
    stdin: streams.stdin ?? new Uint8Array(),
    onStdout: (chunk) => streams.onStdout(chunk),
    onStderr: (chunk) => streams.onStderr(chunk),
  }
}

async function openTerminal(ask: Ask, id: string, streams: TerminalStreams, context: CallContext): Promise<number> {
  const { exitCode } = await ask(
    'container.terminal',
    { id, size: streams.size },
    {
      ...context,
      stdin: streams.stdin,
      onOpen: (say) => streams.onResize((size) => say({ resize: size })),
      onStdout: (chunk) => streams.onStdout(chunk),
    },
  )
  return exitCode
}
