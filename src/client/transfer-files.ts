import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { type ApiInput, api } from '../model/api.js'
import { planRequest } from './plan-request.js'
import { assertSuccess, readAnswer } from './read-answer.js'
import type { Transport } from './transport.js'

/** Bytes of a file or an archive, as they come; with `offset` those from there on. Whoever takes it sees by an error that it broke off. */
export async function downloadFile(
  transport: Transport,
  input: ApiInput<'downloadFile'>,
  offset = 0,
): Promise<IncomingMessage> {
  const headers = offset > 0 ? { range: `bytes=${offset}-` } : {}
  const answer = await transport({ ...planRequest('downloadFile', input), headers })
  await assertSuccess(answer)
  return answer
}

/** Sends a file; answers the version that is there then. */
export async function uploadFile(
  transport: Transport,
  input: ApiInput<'uploadFile'>,
  body: { content: Readable; lengthBytes: number },
): Promise<{ version: string }> {
  const answer = await transport({ ...planRequest('uploadFile', input), body })
  return api.uploadFile.result.parse(await readAnswer(answer))
}
