import type { Readable } from 'node:stream'
import { type ApiInput, type ApiName, type ApiResult, api } from '../model/api.js'
import { ARCHIVE_TYPE } from '../model/backup.js'
import { AppError } from '../model/errors.js'
import type { ServerEvent } from '../model/events.js'
import type { Operation } from '../model/operation.js'
import type { LogEntry } from '../model/site-log.js'
import { type ExecOutput, execInSite } from './exec-in-site.js'
import { followEvents, followLogs } from './follow-events.js'
import { planRequest } from './plan-request.js'
import { assertSuccess, readAnswer } from './read-answer.js'
import { exportDatabase, importDatabase } from './transfer-database.js'
import { downloadFile, uploadFile } from './transfer-files.js'
import { type Address, explainConnection, openTransport, type UploadBody } from './transport.js'
import { waitForOperation } from './wait-for-operation.js'

const SILENCE_MS = 120_000
const PATIENCE_MS = 30_000

/** The HTTP API as functions. Everything throws AppError. */
export interface Client {
  /** One call; the input is left out where the route takes none. */
  call<N extends ApiName>(name: N, ...input: unknown extends ApiInput<N> ? [] : [ApiInput<N>]): Promise<ApiResult<N>>
  /** Sends an archive; resolves with the operation that makes a site of it. */
  restoreArchive(input: ApiInput<'restoreArchive'>, archive: { bytes: number; content: Readable }): Promise<string>
  /** The archive of a backup, as it comes. */
  downloadBackup(input: ApiInput<'downloadBackup'>): Promise<Readable>
  /** Runs a program in a site; resolves with its exit code. */
  exec(input: ApiInput<'execInSite'>, output: ExecOutput): Promise<number>
  /** Bytes of a file or an archive, from `offset` on. */
  download(input: ApiInput<'downloadFile'>, offset?: number): Promise<Readable>
  /** Sends a file, or what of it is not there yet. */
  upload(input: ApiInput<'uploadFile'>, body: UploadBody): Promise<{ version: string }>
  /** A database as SQL. */
  exportDatabase(input: ApiInput<'exportDatabase'>): Promise<Readable>
  /** Runs a dump. */
  importDatabase(input: ApiInput<'importDatabase'>, body: UploadBody): Promise<void>
  /** Events of one connection, until it ends or `signal` aborts it. */
  follow(signal: AbortSignal): AsyncIterable<ServerEvent>
  /** New lines about a site, of one connection, until it ends or `signal` aborts it. */
  followLogs(input: ApiInput<'followLogs'>, signal: AbortSignal): AsyncIterable<LogEntry[]>
  /** Resolves when the operation is done; throws its error when it failed, and the reason of `signal` when that ends the waiting. */
  waitForOperation(id: string, onProgress?: (operation: Operation) => void, signal?: AbortSignal): Promise<Operation>
}

/** A client of the platform at that address. Nothing is sent before the first call. */
export function openClient(address: Address): Client {
  const transport = openTransport(address)
  const explain = (error: Error): never => {
    throw explainConnection(error, address)
  }
  const client: Client = {
    async call(name, ...input) {
      const send = await transport
      const answer = await send({ ...planRequest(name, input[0]), silenceMs: SILENCE_MS })
      const result = api[name].result.safeParse(await readAnswer(answer).catch(explain))
      if (!result.success)
        throw new AppError('internal', `The answer to ${name} was not understood.`, {
          hint: 'the command and the server may be of different versions',
          cause: result.error,
        })
      return result.data as ApiResult<typeof name>
    },
    async restoreArchive(input, archive) {
      const send = await transport
      const body = { type: ARCHIVE_TYPE, lengthBytes: archive.bytes, content: archive.content }
      const answer = await send({ ...planRequest('restoreArchive', input), body })
      return api.restoreArchive.result.parse(await readAnswer(answer).catch(explain)).operation
    },
    async downloadBackup(input) {
      const answer = await (await transport)(planRequest('downloadBackup', input))
      await assertSuccess(answer)
      return answer
    },
    exec: async (input, output) => execInSite(await transport, input, output).catch(explain),
    download: async (input, offset) => downloadFile(await transport, input, offset).catch(explain),
    upload: async (input, body) => uploadFile(await transport, input, body).catch(explain),
    exportDatabase: async (input) => exportDatabase(await transport, input).catch(explain),
    importDatabase: async (input, body) => importDatabase(await transport, input, body).catch(explain),
    follow: async function* (signal) {
      yield* followEvents(await transport, signal)
    },
    followLogs: async function* (input, signal) {
      yield* followLogs(await transport, input, signal)
    },
    waitForOperation: (id, onProgress = () => undefined, signal) =>
      waitForOperation(
        id,
        {
          get: () => client.call('getOperation', { params: { id } }),
          follow: (until) => client.follow(until),
          patienceMs: PATIENCE_MS,
        },
        onProgress,
        signal,
      ),
  }
  return client
}
