import { queryOptions } from '@tanstack/react-query'
import type { SettingsChange } from '../../model/site-settings.js'
import { callApi } from './call-api.js'
import { followOperation } from './followed.js'
import { endOf } from './operations.js'
import { showOperation } from './power.js'
import { queryClient } from './query-client.js'

export const siteSettingsQuery = (name: string) =>
  queryOptions({
    queryKey: ['site-settings', name],
    queryFn: ({ signal }) => callApi('getSettings', { params: { name } }, signal),
  })

/** Ends when the front proxy serves the site so. False when the operation failed, which is told by itself. */
async function carryOut(name: string, started: Promise<{ operation: string }>): Promise<boolean> {
  const { operation } = await started
  followOperation(operation)
  showOperation(name, operation)
  const { state } = await endOf(operation)
  await queryClient.invalidateQueries({ queryKey: siteSettingsQuery(name).queryKey })
  return state === 'done'
}

export const changeSettings = (name: string, change: SettingsChange) =>
  carryOut(name, callApi('changeSettings', { params: { name }, body: change }))

export const purgeCache = (name: string) => carryOut(name, callApi('purgeCache', { params: { name } }))

export const foresee = (name: string, address: string, settings: SettingsChange) =>
  callApi('foresee', { params: { name }, body: { address, settings } })
