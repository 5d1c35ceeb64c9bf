import * as z from 'zod'
import type { ApiInput } from '../model/api.js'
import { ErrorAnswer } from '../model/error-schema.js'
import { AppError, fromErrorBody } from '../model/errors.js'
import { planRequest } from './plan-request.js'
import { assertSuccess } from './read-answer.js'
import { readLines } from './read-lines.js'
import type { Transport } from './transport.js'

export interface ExecOutput {
  onStdout(chunk: Uint8Array): void
  onStderr(chunk: Uint8Array): void
  signal?: AbortSignal
}

const ExecLine = z.union([
  z.object({ stdout: z.string() }),
  z.object({ stderr: z.string() }),
  z.object({ exitCode: z.number() }),
  ErrorAnswer,
])

/** Runs a program in a site and hands over what it writes, as it writes it; resolves with its exit code. */
export async function execInSite(
  transport: Transport,
  input: ApiInput<'execInSite'>,
  output: ExecOutput,
): Promise<number> {
  const answer = await transport({ ...planRequest('execInSite', input), signal: output.signal })
  await assertSuccess(answer)
  for await (const text of readLines(answer)) {
    if (text === '') continue
    const line = ExecLine.parse(JSON.parse(text))
    if ('stdout' in line) output.onStdout(Buffer.from(line.stdout, 'base64'))
    else if ('stderr' in line) output.onStderr(Buffer.from(line.stderr, 'base64'))
    else if ('exitCode' in line) return line.exitCode
    else throw fromErrorBody(line.error)
  }
  throw new AppError('unavailable', 'The connection ended before the program did.')
}
