import type { Command } from 'commander'
import type { ApiResult } from '../../model/api.js'
import { formatSize } from '../../model/sizes.js'
import type { Context } from '../context.js'
import { formatTime } from '../format.js'
import { findServerSettings } from '../installed-settings.js'
import { describeCertificate } from '../render-domains.js'
import { renderPairs } from '../render-table.js'

export function defineStatus(command: Command, open: () => Context): void {
  command.action(async () => {
    const context = open()
    const platform = await context.client.call('platform')
    const { host: { http_port: httpPort, https_port: httpsPort } = {} } =
      (await findServerSettings(context.runFolder))?.configuration ?? {}
    const document = { ...platform, httpPort, httpsPort }
    context.print(document, () => renderStatus(document, context))
  })
}

type Status = ApiResult<'platform'> & { httpPort: number | undefined; httpsPort: number | undefined }

function renderStatus(status: Status, { paint }: Pick<Context, 'paint'>): string {
  const { host, proxy } = status
  return renderPairs(
    [
      ['panel', status.panelUrl],
      ['sites', `*.${status.baseDomain}`],
      ['CA file', status.caFile],
      ['ports', status.httpPort === undefined ? undefined : `${status.httpPort} (HTTP), ${status.httpsPort} (HTTPS)`],
      ['front proxy', proxy.ok ? 'works' : `broken: ${proxy.message ?? 'no reason is known'}`],
      ['dns', renderDns(status.dns)],
      ...renderAddresses(status.publicAddresses),
      ...status.certificates.map((one): [string, string] => [one.names.join(' '), describeCertificate(one)]),
      ['directory', status.directory],
      ...(host ? renderHost(host) : ([['containers', 'the agent does not answer']] as [string, string][])),
    ],
    (name) => paint('dim', name),
  )
}

function renderDns({ mode, ok, message }: Status['dns']): string {
  if (mode === 'off') return 'somebody else tells it the names'
  return `${mode}, ${ok ? 'knows all names' : `behind: ${message ?? 'no reason is known'}`}`
}

function renderAddresses({ addresses, followed, message, dyndns }: Status['publicAddresses']): [string, string][] {
  const known = addresses.length === 0 ? 'none' : addresses.join(', ')
  const lines: [string, string][] = [
    ['addresses', `${known}${followed ? ', followed' : ''}${message === undefined ? '' : `; ${message}`}`],
  ]
  if (dyndns) lines.push(['dyndns', renderDyndns(dyndns)])
  return lines
}

function renderDyndns({ state, answer, at, nextTryAt }: NonNullable<Status['publicAddresses']['dyndns']>): string {
  if (state === 'pending' || at === undefined) return 'not told yet'
  const said = `${answer ?? 'no answer'} at ${formatTime(at)}`
  if (state === 'told') return `knows them (${said})`
  if (state === 'refused') return `refused (${said}): it is not asked again before [dyndns] is changed`
  return `did not take them (${said})${nextTryAt === undefined ? '' : `, next try ${formatTime(nextTryAt)}`}`
}

function renderHost(host: NonNullable<Status['host']>): [string, string | undefined][] {
  return [
    ['containers', `${host.running} running of ${host.containers}`],
    ['memory', `${formatSize(host.memoryAvailableBytes)} free of ${formatSize(host.memoryTotalBytes)}`],
    [
      'disk',
      `${formatSize(host.diskAvailableBytes)} free of ${formatSize(host.diskTotalBytes)}, ${formatSize(host.diskPromisedBytes)} promised to sites`,
    ],
    ['load', `${host.load.map((value) => value.toFixed(2)).join(' ')} on ${host.cpus} cores`],
    ['cgroups', host.cgroups],
    ['version', host.version],
    ['running since', formatTime(host.startedAt)],
  ]
}
