import { createConnection, type Socket } from 'node:net'
import * as z from 'zod'
import type { CallName } from '../../model/calls.js'
import { ErrorAnswer } from '../../model/error-schema.js'
import { AppError, fromErrorBody } from '../../model/errors.js'
import { makeLineSplitter } from '../../model/line-splitter.js'
import { type Note, Progress } from '../../model/progress.js'
import type { Input, TakeOutput } from '../engine.js'
import { sendInput } from './send-input.js'
import { makeTakers } from './takers.js'

const base64 = z.string().transform((text) => Buffer.from(text, 'base64'))
const Answer = z.union([
  z.object({ result: z.unknown() }).refine((answer) => 'result' in answer),
  ErrorAnswer,
  z.object({ progress: Progress }),
  z.object({ taken: z.number() }),
  z.object({ stdout: base64 }),
  z.object({ stderr: base64 }),
  z.object({ event: z.unknown() }).refine((answer) => 'event' in answer),
])
type Answer = z.output<typeof Answer>

export interface Conversation {
  call: CallName
  params: unknown
  actor: string
  note?: Note | undefined
  signal?: AbortSignal | undefined
  /** Nothing heard for this long: the agent is taken for unreachable. Absent: as long as it takes. */
  silenceMs?: number
  /** Goes to the program that the call leads; no more of it is asked for than the program takes. */
  stdin?: Input
  /** Is given how to say a line that follows the request, other than input. */
  onOpen?: (say: (line: object) => void) => void
  onStdout?: TakeOutput
  onStderr?: TakeOutput
  onEvent?: (event: unknown) => void
}

/** One call on a connection of its own. Resolves with the raw result; AppError as the agent said, or `unavailable` when it does not answer. */
export function converse(socketPath: string, conversation: Conversation): Promise<unknown> {
  const { call, params, actor, signal, silenceMs = 0 } = conversation
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(givenUp(signal))
    const socket = createConnection(socketPath)
    const input = sendInput(socket, conversation.stdin)
    // Who takes the last of the output may need longer than the agent, which hangs up after its answer.
    let isAnswered = false
    const onAbort = (): void => settle(() => reject(givenUp(signal)))
    const settle = (outcome: () => void): void => {
      signal?.removeEventListener('abort', onAbort)
      socket.destroy()
      input.end()
      outcome()
    }
    const fail = (error: unknown): void => settle(() => reject(error))
    const takers = makeTakers(socket, silenceMs, fail)
    signal?.addEventListener('abort', onAbort)
    socket.setTimeout(silenceMs, () => fail(unavailable('it said nothing for too long')))
    socket.once('error', (cause: NodeJS.ErrnoException) => fail(unavailable(cause.code ?? 'error', cause)))
    socket.once('close', () => isAnswered || fail(unavailable('it hung up')))
    read(socket, fail, (answer) => {
      if ('error' in answer) fail(fromErrorBody(answer.error))
      else if ('result' in answer) {
        isAnswered = true
        takers.allTaken(() => settle(() => resolve(answer.result)))
      } else if ('taken' in answer) input.taken(answer.taken)
      else takers.wait(tell(conversation, answer))
    })
    say(socket, { call, params, actor })
    conversation.onOpen?.((line) => say(socket, line))
    input.begin(fail)
  })
}

function say(socket: Socket, line: object): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(line)}\n`)
}

function read(socket: Socket, fail: (error: unknown) => void, onAnswer: (answer: Answer) => void): void {
  const splitter = makeLineSplitter((line) => {
    const answer = Answer.safeParse(parse(line))
    if (answer.success) onAnswer(answer.data)
    else fail(unavailable('its answer cannot be understood', answer.error))
  })
  socket.setEncoding('utf8')
  socket.on('data', (text: string) => {
    if (!splitter.add(text)) fail(unavailable('its answer is too long'))
  })
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** The result is one who takes output and is not ready for more. */
function tell(conversation: Conversation, answer: Answer): void | Promise<void> {
  if ('progress' in answer) conversation.note?.(answer.progress)
  else if ('stdout' in answer) return conversation.onStdout?.(answer.stdout)
  else if ('stderr' in answer) return conversation.onStderr?.(answer.stderr)
  else if ('event' in answer) conversation.onEvent?.(answer.event)
}

/** The agent cannot be asked: its containers' phase is `unknown`, which is not stopped. */
export function unavailable(detail: string, cause?: unknown): AppError {
  return new AppError('unavailable', `The agent does not answer (${detail}).`, {
    hint: 'Sites keep running without it. See whether the platform is up: ruche status.',
    cause,
  })
}

function givenUp(signal: AbortSignal | undefined): AppError {
  return signal?.reason instanceof AppError ? signal.reason : new AppError('host_failed', 'It was cancelled.')
}
