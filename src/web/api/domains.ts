import { queryOptions } from '@tanstack/react-query'
import type { OwnCertificate } from '../../model/certificate.js'
import type { SiteDomain } from '../../model/domain.js'
import { callApi } from './call-api.js'
import { followOperation } from './followed.js'
import { showOperation } from './power.js'
import { queryClient } from './query-client.js'

/** Looked at again by itself: the server looks at DNS whoever asks. */
const LOOK_MS = 20_000

export const domainsQuery = (name: string) =>
  queryOptions({
    queryKey: ['domains', name],
    queryFn: async ({ signal }) => (await callApi('listDomains', { params: { name } }, signal)).domains,
    refetchInterval: ({ state }) => state.data !== undefined && LOOK_MS,
  })

/** The name to which visitors of all others are led; empty: none. */
export const mainNameQuery = (name: string) =>
  queryOptions({
    queryKey: ['main-name', name],
    queryFn: async ({ signal }) => (await callApi('getSettings', { params: { name } }, signal)).settings.mainName,
  })

export async function addDomain(name: string, domain: string): Promise<void> {
  keep(name, await callApi('addDomain', { params: { name }, body: { domain } }))
}

export async function checkDomain(name: string, domain: string): Promise<void> {
  keep(name, await callApi('checkDomain', { params: { name, domain } }))
}

export async function removeDomain(name: string, domain: string): Promise<void> {
  show(name, (await callApi('removeDomain', { params: { name, domain } })).operation)
}

/** Serves a domain with a certificate of the person's own; without one, with the platform's again. */
export async function setCertificate(name: string, domain: string, certificate?: OwnCertificate): Promise<void> {
  const params = { name, domain }
  const { operation } = certificate
    ? await callApi('setCertificate', { params, body: certificate })
    : await callApi('removeCertificate', { params })
  show(name, operation)
}

export async function setMainName(name: string, mainName: string): Promise<void> {
  show(name, (await callApi('changeSettings', { params: { name }, body: { mainName } })).operation)
  queryClient.setQueryData(mainNameQuery(name).queryKey, mainName)
}

function keep(name: string, { domain, operation }: { domain: SiteDomain; operation?: string | undefined }): void {
  queryClient.setQueryData(domainsQuery(name).queryKey, (domains) => {
    const others = domains?.filter((one) => one.name !== domain.name) ?? []
    return domains?.some((one) => one.name === domain.name)
      ? domains.map((one) => (one.name === domain.name ? domain : one))
      : [...others, domain]
  })
  if (operation !== undefined) show(name, operation)
}

function show(name: string, operation: string): void {
  followOperation(operation)
  showOperation(name, operation)
}
