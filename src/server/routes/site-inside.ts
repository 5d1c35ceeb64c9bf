import { PassThrough } from 'node:stream'
import { AppError, asAppError, toErrorBody } from '../../model/errors.js'
import type { Dependencies } from '../dependencies.js'
import { newId } from '../new-id.js'
import type { RouteTable } from './route-table.js'
import { watchSession } from './watch-session.js'

const EXEC_MS = 60_000
/** Output that may wait for who asked; a program that writes more than is read is ended. */
const MOST_WAITING_BYTES = 32 * 1024 ** 2

export function siteInsideRoutes(dependencies: Dependencies): Pick<RouteTable, 'execInSite' | 'sitePrograms'> {
  const { engine } = dependencies
  return {
    async execInSite({ body }, { who, site, reply }) {
      reply.header('content-type', 'application/x-ndjson').header('x-accel-buffering', 'no')
      const abort = new AbortController()
      const unwatch = watchSession(dependencies, who, () => abort.abort(sessionOver()), {
        site: site.name,
        right: 'edit',
      })
      const stream = streamExec(dependencies, { id: site.name, actor: who.login, ...body }, abort)
      stream.on('close', unwatch)
      return stream
    },
    sitePrograms: async (_, { site }) => engine.programs(site.name),
  }
}

interface Exec {
  id: string
  actor: string
  argv: string[]
  stdin?: string | undefined
  timeoutMs?: number | undefined
}

function streamExec(
  { engine, log }: Dependencies,
  { id, actor, argv, stdin, timeoutMs }: Exec,
  abort: AbortController,
): PassThrough {
  const stream = new PassThrough()
  const write = (line: object) => {
    if (stream.writableEnded || stream.destroyed) return
    stream.write(`${JSON.stringify(line)}\n`)
    if (stream.writableLength > MOST_WAITING_BYTES)
      abort.abort(new AppError('limit_reached', 'The program wrote more than was read.'))
  }
  const streams = {
    ...(stdin !== undefined && { stdin: Buffer.from(stdin, 'base64') }),
    onStdout: (chunk: Uint8Array) => write({ stdout: Buffer.from(chunk).toString('base64') }),
    onStderr: (chunk: Uint8Array) => write({ stderr: Buffer.from(chunk).toString('base64') }),
  }
  engine
    .exec(id, { argv, timeoutMs: timeoutMs ?? EXEC_MS }, streams, { actor, signal: abort.signal })
    .then((exitCode) => write({ exitCode }))
    .catch((error: unknown) => {
      const known = asAppError(error)
      const logId = newId()
      if (known.code === 'internal') log.error({ id: logId, err: known.cause ?? known }, 'exec failed')
      write({ error: toErrorBody(known, logId) })
    })
    .finally(() => stream.end())
  // Who asked hung up: nobody reads what the program would still say.
  stream.on('close', () => abort.abort(new AppError('conflict', 'It was cancelled.')))
  stream.on('error', () => undefined)
  return stream
}

function sessionOver(): AppError {
  return new AppError('unauthenticated', 'The session has ended.', { hint: 'Sign in again.' })
}
