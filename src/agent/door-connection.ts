import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import * as z from 'zod'
import { Actor, type CallName, type CallParams, type CallResult, calls } from '../model/calls.js'
import { check } from '../model/check.js'
import { AppError, toErrorBody } from '../model/errors.js'
import { makeLineSplitter } from '../model/line-splitter.js'
import type { Audit } from './audit.js'
import type { Caller } from './containers/caller.js'
import { explainFailure } from './containers/explain-failure.js'
import type { Log } from './containers/log.js'
import { type DoorCaller, makeCaller } from './door-caller.js'
import type { Share } from './door-memory.js'

/** What is behind the door: one answer per call of the table. */
export type Answers = { [N in CallName]: (params: CallParams<N>, caller: Caller) => Promise<CallResult<N>> }

export interface Behind {
  answers: Answers
  audit: Audit
  log: Log
}

/** What a connection needs of its door. */
export interface Welcome {
  behind: Behind
  patience: Patience
  share: Share
}

/** How long the door waits for a caller, and how much it keeps for all of them. */
export interface Patience {
  halfLineMs: number
  slowReaderMs: number
  mostCharacters: number
}

const Request = z.object({ call: z.string().max(64), params: z.unknown(), actor: Actor }).strict()

export interface ServedConnection {
  /** Resolves when the call is over, which may be after its caller has gone. */
  over: Promise<void>
  /** As if the caller had hung up: what can be cancelled is; the answer is still given to a caller who is there. */
  cancel(): void
}

/** Serves the one call of a connection. */
export function serveConnection(socket: Socket, { behind, patience, share }: Welcome): ServedConnection {
  let caller: DoorCaller | undefined
  let requestLength = 0
  const over = new Promise<void>((resolve) => {
    const deadline = limitHalfLines(socket, patience.halfLineMs)
    const end = (lastLine: object): void => say(socket, lastLine, { patience, share })
    const splitter = makeLineSplitter((line) => {
      deadline.lineEnded()
      if (caller) return caller.onLine(line)
      requestLength = line.length
      caller = makeCaller(socket)
      void answer(line, caller.caller, behind).then(end).finally(resolve)
    })
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => {
      if (!splitter.add(text)) return end({ error: report(tooLong(), behind.log, {}) })
      if (splitter.partialLength() > 0) deadline.lineBegan()
      if (share.set(requestLength + splitter.partialLength())) return
      caller?.hangUp()
      socket.pause()
      end({ error: report(tooMuch(), behind.log, {}) })
    })
    // A caller that hangs up in the middle of a write.
    socket.on('error', () => socket.destroy())
    socket.once('close', () => {
      deadline.end()
      share.end()
      if (caller) caller.hangUp()
      else resolve()
    })
  })
  return { over, cancel: () => void (caller ? caller.hangUp() : socket.destroy()) }
}

const tooLong = () => new AppError('invalid', 'The line is too long.')
const tooMuch = () => new AppError('busy', 'Too much is asked at once.', { hint: 'Try again in a moment.' })

/** Ends a connection whose line does not come to its end; one that has said nothing yet is in the middle of its first. */
function limitHalfLines(socket: Socket, timeMs: number): { lineBegan(): void; lineEnded(): void; end(): void } {
  // What came while we were late is looked at first: on a busy machine the time may be over before the loop has read the rest of the line.
  const start = (): NodeJS.Timeout => setTimeout(() => setImmediate(() => timer && socket.destroy()), timeMs)
  let timer: NodeJS.Timeout | undefined = start()
  const end = (): void => {
    clearTimeout(timer)
    timer = undefined
  }
  return {
    lineBegan: () => {
      timer ??= start()
    },
    lineEnded: end,
    end,
  }
}

function say(socket: Socket, lastLine: object, { patience, share }: Omit<Welcome, 'behind'>): void {
  if (socket.destroyed || socket.writableEnded) return
  const line = JSON.stringify(lastLine)
  // An answer that nobody can keep for a caller: it is told so by the end of the connection alone.
  if (!share.set(line.length)) return void socket.destroy()
  socket.end(`${line}\n`)
  const timer = setTimeout(() => socket.destroy(), patience.slowReaderMs)
  socket.once('close', () => clearTimeout(timer))
}

async function answer(line: string, caller: Caller, { answers, audit, log }: Behind): Promise<object> {
  let facts: object = {}
  try {
    const { call, params, actor } = parse(line)
    caller.actor = actor
    facts = { call, actor }
    const act = audit.begin(actor, call, params)
    try {
      // `parse` has checked the parameters by the schema of this very call; the compiler cannot follow that through the table.
      const result = await (answers[call] as (params: object, caller: Caller) => Promise<unknown>)(params, caller)
      act.end('done')
      return { result }
    } catch (error) {
      act.end(explainFailure(error).code)
      throw error
    }
  } catch (error) {
    return { error: report(error, log, facts) }
  }
}

function parse(line: string): { call: CallName; params: object; actor: string } {
  const { call, params, actor } = check(Request, parseJson(line), 'The request')
  if (!isCall(call)) throw new AppError('invalid', 'There is no such call.')
  return { call, params: check<z.ZodType<object>>(calls[call].params, params, call), actor }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (cause) {
    throw new AppError('invalid', 'The request is not JSON.', { cause })
  }
}

function isCall(call: string): call is CallName {
  return Object.hasOwn(calls, call)
}

const QUIET_CODES = ['invalid', 'not_found', 'conflict', 'busy', 'limit_reached']

function report(error: unknown, log: Log, facts: object): object {
  const known = explainFailure(error)
  const id = randomBytes(6).toString('hex')
  const level = QUIET_CODES.includes(known.code) ? 'info' : 'error'
  log[level]('call failed', { id, code: known.code, ...facts, error: known })
  return toErrorBody(known, id)
}
