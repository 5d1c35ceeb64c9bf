import type { ApiEntry } from '../../model/api/entry.js'
import { type ApiInput, type ApiName, type ApiResult, api } from '../../model/api.js'
import { ErrorAnswer } from '../../model/error-schema.js'
import { ApiError } from './api-error.js'
import { buildRequest } from './build-request.js'
import { askToSignInAgain, findCsrfToken, keepCsrfToken } from './session.js'

/** Calls that are themselves about the session: an `unauthenticated` answer is their result, not a reason to ask again. */
const ABOUT_THE_SESSION: readonly ApiName[] = ['me', 'signIn', 'signOut', 'welcome']

async function readJson(response: Response): Promise<unknown> {
  if (!response.headers.get('content-type')?.includes('json')) return undefined
  return response.json().catch(() => undefined)
}

async function callOnce(entry: ApiEntry, input: unknown, signal: AbortSignal | undefined): Promise<unknown> {
  const { url, init } = buildRequest(entry, input, findCsrfToken())
  let response: Response
  try {
    response = await fetch(url, { ...init, signal: signal ?? null })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new ApiError({ code: 'unavailable', message: 'The server cannot be reached.' }, 0, cause)
  }
  const json = await readJson(response)
  if (!response.ok) {
    const answer = ErrorAnswer.safeParse(json)
    if (answer.success) throw new ApiError(answer.data.error, response.status)
    // A proxy in between answered: the server is restarting, or away.
    const code = response.status >= 502 ? 'unavailable' : 'internal'
    throw new ApiError(
      { code, message: `The server answered ${response.status}.` },
      code === 'unavailable' ? 0 : response.status,
    )
  }
  const result = entry.result.safeParse(json)
  if (result.success) return result.data
  throw new ApiError(
    { code: 'internal', message: 'The server gave an unexpected answer.' },
    response.status,
    result.error,
  )
}

/** Whether another tab signed in meanwhile, so that our token is a former session's. */
async function findNewerToken(): Promise<boolean> {
  const before = findCsrfToken()
  const me = await callApi('me', {})
  return me.csrfToken !== before
}

/**
 * One call of the API table. Throws ApiError. When the session has ended it waits until the person has signed in again, in place,
 * and then does what was asked: nothing typed is lost.
 */
export async function callApi<N extends ApiName>(
  name: N,
  input: ApiInput<N>,
  signal?: AbortSignal,
): Promise<ApiResult<N>> {
  const entry: ApiEntry = api[name]
  const call = () => callOnce(entry, input, signal)
  const result = await call().catch(async (error: unknown) => {
    if (!(error instanceof ApiError) || ABOUT_THE_SESSION.includes(name)) throw error
    if (error.code === 'unauthenticated') await askToSignInAgain()
    else if (error.code !== 'forbidden' || entry.method === 'GET' || !(await findNewerToken())) throw error
    return call()
  })
  if (name === 'me' || name === 'signIn') keepCsrfToken((result as ApiResult<'me'>).csrfToken)
  return result as ApiResult<N>
}
