import type { IncomingMessage } from 'node:http'
import { ErrorAnswer } from '../model/error-schema.js'
import { AppError, fromErrorBody } from '../model/errors.js'

const MAX_ANSWER_BYTES = 64 * 1024 * 1024

/** The whole body as JSON when the status is 2xx; the AppError that it carries otherwise. */
export async function readAnswer(answer: IncomingMessage): Promise<unknown> {
  const text = await readText(answer)
  if (isSuccess(answer)) return text === '' ? {} : parse(text)
  throw toError(answer, text)
}

/** Resolves when the answer is 2xx, for those that stream; throws the AppError that it carries otherwise. */
export async function assertSuccess(answer: IncomingMessage): Promise<void> {
  if (!isSuccess(answer)) throw toError(answer, await readText(answer))
}

const isSuccess = ({ statusCode = 0 }: IncomingMessage) => statusCode >= 200 && statusCode < 300

function toError(answer: IncomingMessage, text: string): AppError {
  const body = ErrorAnswer.safeParse(parse(text))
  if (body.success) return fromErrorBody(body.data.error)
  return new AppError('unavailable', `Something other than Ruche answered (HTTP status ${answer.statusCode}).`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > MAX_ANSWER_BYTES) throw new AppError('internal', 'The answer is too long.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
