import { queryOptions } from '@tanstack/react-query'
import { type ApiInput, api } from '../../model/api.js'
import type { BackupPlan } from '../../model/backup.js'
import { ApiError } from './api-error.js'
import { buildRequest } from './build-request.js'
import { callApi } from './call-api.js'
import { followOperation } from './followed.js'
import { meQuery } from './me.js'
import { showOperation } from './power.js'
import { queryClient } from './query-client.js'
import { findCsrfToken } from './session.js'
import { sendBytes } from './transfers.js'

export const backupsQuery = (name: string) =>
  queryOptions({
    queryKey: ['backups', name],
    queryFn: ({ signal }) => callApi('listBackups', { params: { name } }, signal),
  })

export const backupFilesQuery = (name: string, id: string) =>
  queryOptions({
    queryKey: ['backup-files', name, id],
    queryFn: ({ signal }) => callApi('backupFiles', { params: { name, id } }, signal),
    // A backup never changes.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })

export const trashQuery = (all: boolean) =>
  queryOptions({
    queryKey: ['trash', all],
    queryFn: async ({ signal }) =>
      (await callApi('listTrash', { query: all ? ({ all: 'true' } as const) : {} }, signal)).sites,
  })

/** Where the archive of a backup can be downloaded. */
export function archiveUrl(name: string, id: string): string {
  const input = { params: { name, id } } satisfies ApiInput<'downloadBackup'>
  return buildRequest(api.downloadBackup, input, undefined).url
}

/** Shows what was started on the site, and tells the person of its end. */
async function follow(name: string, started: Promise<{ operation: string }>): Promise<void> {
  const { operation } = await started
  followOperation(operation)
  showOperation(name, operation)
}

export const backUp = (name: string) => follow(name, callApi('backUpSite', { params: { name } }))
/** What became of it stands with the backup. */
export async function prove(name: string, id: string): Promise<void> {
  showOperation(name, (await callApi('proveBackup', { params: { name, id } })).operation)
}
/** All of it, or one file or folder. */
export const restore = (name: string, id: string, path?: string) =>
  follow(name, callApi('restoreBackup', { params: { name, id }, body: path === undefined ? {} : { path } }))
/** Brings one back that is only elsewhere. */
export const fetchBackup = (name: string, id: string) => follow(name, callApi('fetchBackup', { params: { name, id } }))
export const giveAway = (name: string, owner: string) =>
  follow(name, callApi('handOver', { params: { name }, body: { owner } }))

export async function removeBackup(name: string, id: string): Promise<void> {
  await callApi('removeBackup', { params: { name, id } })
  await queryClient.invalidateQueries({ queryKey: backupsQuery(name).queryKey })
}

export async function setBackupPlan(name: string, plan: BackupPlan): Promise<void> {
  await callApi('setBackupPlan', { params: { name }, body: plan })
  await queryClient.invalidateQueries({ queryKey: backupsQuery(name).queryKey })
}

export async function purge(id: string): Promise<void> {
  await callApi('purgeSite', { params: { id } })
  await queryClient.invalidateQueries({ queryKey: ['trash'] })
}

/** Makes a site out of an archive of the person's own machine, which is checked whole first. ApiError. */
export async function sendArchive(
  name: string,
  archive: File,
  signal: AbortSignal,
  onSent: (bytes: number) => void,
): Promise<{ operation: string }> {
  const request = buildRequest(api.restoreArchive, { query: { name } }, findCsrfToken())
  return api.restoreArchive.result.parse(JSON.parse(await sendBytes(request, archive, signal, onSent)))
}

/** Brings the site that was last deleted under this name back, under the same name. */
export async function undoDestroy(name: string): Promise<void> {
  const all = queryClient.getQueryData(meQuery.queryKey)?.administrator
  const { sites } = await callApi('listTrash', { query: all ? ({ all: 'true' } as const) : {} })
  const [last] = sites.filter((site) => site.name === name).sort((a, b) => b.deletedAt.localeCompare(a.deletedAt))
  if (!last) throw new ApiError({ code: 'not_found', message: 'It is not in the trash any more.' }, 404)
  const { operation } = await callApi('recoverSite', { params: { id: last.id }, body: {} })
  followOperation(operation)
  await queryClient.invalidateQueries({ queryKey: ['trash'] })
}
