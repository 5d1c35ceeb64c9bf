import { connect } from 'node:net'
import * as z from 'zod'
import { type CallName, type CallParams, type CallResult, calls } from '../../model/calls.js'
import { ErrorAnswer } from '../../model/error-schema.js'
import { AppError, fromErrorBody } from '../../model/errors.js'
import { makeLineSplitter } from '../../model/line-splitter.js'
import { type Note, Progress } from '../../model/progress.js'

const Answer = z.union([z.object({ progress: Progress }), z.object({ result: z.unknown() }), ErrorAnswer])

/** One call of the agent, as the system itself. AppError of the agent, or `unavailable` when it does not answer to the end. */
export function callAgent<N extends CallName>(
  socketPath: string,
  call: N,
  params: CallParams<N>,
  note: Note = () => undefined,
): Promise<CallResult<N>> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath)
    const settle = (work: () => void) => {
      socket.destroy()
      work()
    }
    const onLine = (text: string) => {
      const answer = Answer.safeParse(parseJson(text)).data
      if (!answer) return settle(() => reject(new AppError('internal', 'The agent was not understood.')))
      if ('progress' in answer) note(answer.progress)
      else if ('error' in answer) settle(() => reject(fromErrorBody(answer.error)))
      else settle(() => resolve(calls[call].result.parse(answer.result) as CallResult<N>))
    }
    const lines = makeLineSplitter(onLine)
    socket.setEncoding('utf8')
    socket.on('connect', () => socket.write(`${JSON.stringify({ call, params, actor: 'system' })}\n`))
    socket.on('data', (text: string) => lines.add(text))
    socket.on('error', (cause) => reject(new AppError('unavailable', 'The agent does not answer.', { cause })))
    socket.on('close', () => reject(new AppError('unavailable', 'The agent ended before it answered.')))
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether somebody listens on a socket of this machine. */
export function canConnect(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
