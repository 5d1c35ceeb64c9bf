import type { IncomingMessage } from 'node:http'
import type { ApiInput } from '../model/api.js'
import { planRequest } from './plan-request.js'
import { assertSuccess, readAnswer } from './read-answer.js'
import type { Transport, UploadBody } from './transport.js'

/** A database as SQL, as it comes. Whoever takes it sees by an error that it broke off. */
export async function exportDatabase(
  transport: Transport,
  input: ApiInput<'exportDatabase'>,
): Promise<IncomingMessage> {
  const answer = await transport(planRequest('exportDatabase', input))
  await assertSuccess(answer)
  return answer
}

/** Sends a dump, and waits until all of it was run. */
export async function importDatabase(
  transport: Transport,
  input: ApiInput<'importDatabase'>,
  body: UploadBody,
): Promise<void> {
  await readAnswer(await transport({ ...planRequest('importDatabase', input), body }))
}
