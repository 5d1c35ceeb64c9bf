import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../../model/api.js'
import type { DumpFormat } from '../../model/database.js'
import { buildRequest } from './build-request.js'
import { callApi } from './call-api.js'
import { findCsrfToken } from './session.js'
import { sendBytes } from './transfers.js'

export const PAGE_ROWS = 50

export const databaseQuery = (name: string) =>
  queryOptions({
    queryKey: ['database', name],
    queryFn: ({ signal }) => callApi('lookAtDatabase', { params: { name } }, signal),
    staleTime: 0,
  })

/** Which rows of which table are shown. */
export interface ShownRows {
  table: string
  schema?: string
  sort?: string
  direction: 'up' | 'down'
  offset: number
}

export const rowsQuery = (name: string, shown: ShownRows) =>
  queryOptions({
    queryKey: ['database', name, 'rows', shown],
    queryFn: ({ signal }) =>
      callApi('databaseRows', { params: { name }, query: { ...shown, limit: PAGE_ROWS } }, signal),
    staleTime: 0,
    // Another page of the same table does not make the present one flicker.
    placeholderData: keepPreviousData,
  })

/** Where the whole database can be downloaded. */
export function exportUrl(name: string, format: DumpFormat): string {
  return buildRequest(api.exportDatabase, { params: { name }, query: { format } }, undefined).url
}

/** Sends a dump, and waits until all of it was run. ApiError. */
export async function sendDump(
  name: string,
  { file, format }: { file: File; format: DumpFormat },
  signal: AbortSignal,
  onSent: (bytes: number) => void,
): Promise<void> {
  const query = { format, sizeBytes: file.size }
  await sendBytes(buildRequest(api.importDatabase, { params: { name }, query }, findCsrfToken()), file, signal, onSent)
}
