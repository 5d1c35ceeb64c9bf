import type { ApiInput } from '../../model/api.js'
import { api } from '../../model/api.js'
import { ErrorAnswer } from '../../model/error-schema.js'
import { ApiError } from './api-error.js'
import { buildRequest } from './build-request.js'
import { callApi } from './call-api.js'
import { findCsrfToken } from './session.js'

/** Where a file, or an archive of a folder, can be downloaded. */
export function downloadUrl(name: string, path: string, as?: 'zip' | 'tar'): string {
  const input = { params: { name }, query: { path, as } } satisfies ApiInput<'downloadFile'>
  return buildRequest(api.downloadFile, input, undefined).url
}

/** How much of an upload is there. ApiError `conflict` when there is something and it may not be replaced. */
export async function findReceivedBytes(
  name: string,
  upload: { path: string; upload: string; replace: boolean },
): Promise<number> {
  const query = { ...upload, replace: upload.replace ? ('true' as const) : ('false' as const) }
  return (await callApi('findUpload', { params: { name }, query })).receivedBytes
}

/** Sends what of a file is not there yet. ApiError. */
export async function sendFile(
  name: string,
  { file, offset, ...upload }: { path: string; upload: string; replace: boolean; offset: number; file: File },
  signal: AbortSignal,
  onSent: (bytes: number) => void,
): Promise<void> {
  const query = { ...upload, offset, sizeBytes: file.size }
  const request = buildRequest(api.uploadFile, { params: { name }, query }, findCsrfToken())
  await sendBytes(request, file.slice(offset), signal, (bytes) => onSent(offset + bytes))
}

/** Sends bytes by XMLHttpRequest, because `fetch` does not tell how far it is; gives what was answered. ApiError. */
export function sendBytes(
  { url, init }: ReturnType<typeof buildRequest>,
  content: Blob,
  signal: AbortSignal,
  onSent: (bytes: number) => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const fail = (error: ApiError) => reject(error)
    request.open(init.method ?? 'PUT', url)
    for (const [header, value] of Object.entries(init.headers as Record<string, string>))
      request.setRequestHeader(header, value)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.upload.onprogress = ({ loaded }) => onSent(loaded)
    request.onload = () => (request.status === 200 ? resolve(request.responseText) : fail(toError(request)))
    request.onerror = () => fail(new ApiError({ code: 'unavailable', message: 'The server cannot be reached.' }, 0))
    request.onabort = () => fail(new ApiError({ code: 'conflict', message: 'It was cancelled.' }, 0))
    signal.addEventListener('abort', () => request.abort())
    request.send(content)
  })
}

function toError({ status, responseText }: XMLHttpRequest): ApiError {
  try {
    return new ApiError(ErrorAnswer.parse(JSON.parse(responseText)).error, status)
  } catch {
    return new ApiError({ code: 'unavailable', message: `The server answered ${status}.` }, status)
  }
}
