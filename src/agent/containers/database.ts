import * as z from 'zod'
import type { CallParams } from '../../model/calls.js'
import { DatabaseLook, DatabasePage, DatabaseRun, type PageQuery } from '../../model/database.js'
import { AppError } from '../../model/errors.js'
import type { Caller } from './caller.js'
import { withDatabaseClient } from './database-client.js'
import { keepBytes } from './files-program.js'
import type { Hive } from './hive.js'
import { collect } from './inside.js'
import { leadProgram } from './lead-program.js'

/** Longer than the client gives itself. */
const LOOK_MS = 25_000
const RUN_MS = 45_000
/** Nothing has come or gone for so long. A statement of a dump may work on what came before without taking more. */
const EXPORT_SILENCE_MS = 120_000
const IMPORT_SILENCE_MS = 1_800_000
/** The agent's lines are at most 4 MiB. */
const MAX_BYTES = 3 * 1024 ** 2
const MAX_COMPLAINT_BYTES = 16 * 1024

/** How a client says that something cannot be done. */
const Refusal = z.object({
  refused: z.object({ code: z.enum(['invalid', 'unavailable', 'timed_out']), message: z.string() }),
})

/** Its tables and their sizes. */
export function lookAtDatabase(hive: Hive, id: string): Promise<DatabaseLook> {
  return askClient(hive, id, { args: ['look'], answer: DatabaseLook, timeoutMs: LOOK_MS })
}

/** Some rows of a table. */
export function askForRows(hive: Hive, id: string, page: PageQuery): Promise<DatabasePage> {
  const { table, schema = '', sort = '', direction = 'up', offset, limit } = page
  const args = ['rows', table, schema, sort, direction, String(offset), String(limit)]
  return askClient(hive, id, { args, answer: DatabasePage, timeoutMs: LOOK_MS })
}

/** What statements bring. What fails in the database is part of the answer. */
export function runSql(hive: Hive, id: string, sql: string): Promise<DatabaseRun> {
  return askClient(hive, id, { args: ['run'], stdin: Buffer.from(sql), answer: DatabaseRun, timeoutMs: RUN_MS })
}

/** Passes all of it on as SQL, at the caller's pace. AppError `host_failed` when it is not whole. */
export async function exportDatabase(
  hive: Hive,
  { id, format }: CallParams<'database.export'>,
  caller: Caller,
): Promise<void> {
  const said = keepBytes(MAX_COMPLAINT_BYTES)
  const streams = { stdin: caller.stdin, stdout: caller.stdout, stderr: said.stream, hungUp: caller.hungUp }
  const exitCode = await withDatabaseClient(hive, id, ['export', format], (program) =>
    leadProgram(program, streams, { silenceMs: EXPORT_SILENCE_MS }),
  )
  if (exitCode !== 0) throw new AppError('invalid', toPlainLine(said.text()) || 'The database could not be exported.')
}

/** Runs what the caller sends. AppError `invalid` with the statement that failed. */
export async function importDatabase(
  hive: Hive,
  { id, format, sizeBytes }: CallParams<'database.import'>,
  caller: Pick<Caller, 'stdin' | 'hungUp'>,
): Promise<void> {
  const answer = keepBytes(MAX_COMPLAINT_BYTES)
  const said = keepBytes(MAX_COMPLAINT_BYTES)
  const streams = { stdin: caller.stdin, stdout: answer.stream, stderr: said.stream, hungUp: caller.hungUp }
  const exitCode = await withDatabaseClient(hive, id, ['import', format, String(sizeBytes)], (program) =>
    leadProgram(program, streams, { silenceMs: IMPORT_SILENCE_MS }),
  )
  readAnswer(z.object({}), { exitCode, stdout: answer.text(), stderr: said.text() })
}

interface Question<T> {
  args: readonly string[]
  stdin?: Uint8Array
  answer: z.ZodType<T>
  timeoutMs: number
}

async function askClient<T>(hive: Hive, id: string, { args, stdin, answer, timeoutMs }: Question<T>): Promise<T> {
  const said = await withDatabaseClient(hive, id, args, (program) =>
    collect(program, { ...(stdin && { stdin }), timeoutMs, maxBytes: MAX_BYTES }),
  )
  return readAnswer(answer, { ...said, stdout: said.stdout.toString('utf8') })
}

/** The client runs in the site, which can say as it likes: only what has the right form goes on, and words as one plain line. Pure. */
export function readAnswer<T>(form: z.ZodType<T>, said: { exitCode: number; stdout: string; stderr: string }): T {
  const document = parseJson(said.stdout)
  const refusal = Refusal.safeParse(document)
  if (refusal.success) throw new AppError(refusal.data.refused.code, toPlainLine(refusal.data.refused.message))
  const answer = form.safeParse(document)
  if (answer.success && said.exitCode === 0) return answer.data
  const cause = new Error(`${said.exitCode}: ${said.stderr.slice(0, 500)}`)
  if (/Cannot fork|Resource temporarily unavailable|as many processes/.test(said.stderr))
    throw new AppError('limit_reached', 'The site has as many processes as it may have.', { cause })
  throw new AppError('host_failed', 'The client of the database ended without an answer.', {
    hint: 'Perhaps the site has too little memory for it.',
    cause,
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function toPlainLine(said: string): string {
  return said
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 1000)
}
