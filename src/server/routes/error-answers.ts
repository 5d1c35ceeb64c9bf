import type { FastifyError, FastifyInstance } from 'fastify'
import { AppError, asAppError, type ErrorCode, toErrorBody } from '../../model/errors.js'
import { errorStatus } from '../error-status.js'
import type { Log } from '../log.js'
import { newId } from '../new-id.js'

/** Codes whose cause an administrator should see; the others are people being refused. */
const LEVELS: Partial<Record<ErrorCode, 'warn' | 'error'>> = {
  internal: 'error',
  host_failed: 'warn',
  timed_out: 'warn',
}

/** Makes every error answer `{error: ErrorBody}` with the status of its code, and logs its cause under the same id. */
export function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error: unknown, request, reply) => {
    const known = asAppError(asRequestFault(error) ?? error)
    const id = newId()
    const about = { id, code: known.code, method: request.method, url: request.url.split('?')[0] }
    // Who hung up is told nothing, and nothing is wrong.
    const level = reply.raw.destroyed ? 'info' : (LEVELS[known.code] ?? 'info')
    log[level]({ ...about, err: known.cause ?? known }, known.message)
    return reply
      .code(errorStatus[known.code])
      .type('application/json')
      .send({ error: toErrorBody(known, id) })
  })
}

/** The answer for an address that is no route. */
export function refuseAddress(): never {
  throw new AppError('not_found', 'There is nothing at this address.')
}

const TOO_LARGE = 413

/** What Fastify itself found wrong with a request. */
function asRequestFault(error: unknown): AppError | undefined {
  const { statusCode } = error as Partial<FastifyError>
  if (error instanceof AppError || statusCode === undefined || statusCode >= 500) return undefined
  const message = statusCode === TOO_LARGE ? 'The request is too large.' : 'The request is not well formed.'
  return new AppError('invalid', message, { cause: error })
}
