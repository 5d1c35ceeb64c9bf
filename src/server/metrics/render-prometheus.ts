import { type ContainerStatus, PHASES } from '../../model/container.js'
import type { HostStatus } from '../../model/host-status.js'
import { LATENCY_BOUNDS, type RequestCounts, STATUS_CLASSES } from './request-counts.js'

/** Labels and value; without a value nothing is known, and nothing is said. */
type Sample = [labels: Record<string, string>, value: number | undefined]

type Type = 'gauge' | 'counter'

const seconds = (ns: number | undefined) => (ns === undefined ? undefined : ns / 1e9)

const OF_THE_HOST: [name: string, type: Type, value: (host: HostStatus) => number][] = [
  ['memory_bytes', 'gauge', (host) => host.memoryTotalBytes],
  ['memory_available_bytes', 'gauge', (host) => host.memoryAvailableBytes],
  ['disk_bytes', 'gauge', (host) => host.diskTotalBytes],
  ['disk_available_bytes', 'gauge', (host) => host.diskAvailableBytes],
  ['disk_promised_bytes', 'gauge', (host) => host.diskPromisedBytes],
  ['load1', 'gauge', (host) => host.load[0]],
]

const OF_A_SITE: [name: string, type: Type, value: (site: ContainerStatus) => number | undefined][] = [
  ['up', 'gauge', ({ phase }) => (phase === 'running' ? 1 : 0)],
  ['restarts', 'gauge', ({ restarts }) => restarts],
  ['cpu_seconds_total', 'counter', ({ usage }) => seconds(usage?.cpuNs)],
  ['throttled_seconds_total', 'counter', ({ usage }) => seconds(usage?.throttledNs)],
  ['cpu_limit', 'gauge', ({ limits }) => limits.cpuMilli / 1000],
  ['memory_bytes', 'gauge', ({ usage }) => usage?.memoryBytes],
  ['memory_limit_bytes', 'gauge', ({ limits }) => limits.memoryBytes],
  ['oom_kills_total', 'counter', ({ usage }) => usage?.oomKills],
  ['processes', 'gauge', ({ usage }) => usage?.pids],
  ['disk_used_bytes', 'gauge', ({ usage }) => usage?.diskUsedBytes],
  ['disk_limit_bytes', 'gauge', ({ limits }) => limits.diskBytes],
  ['disk_read_bytes_total', 'counter', ({ usage }) => usage?.readBytes],
  ['disk_written_bytes_total', 'counter', ({ usage }) => usage?.writtenBytes],
  ['network_received_bytes_total', 'counter', ({ usage }) => usage?.receivedBytes],
  ['network_sent_bytes_total', 'counter', ({ usage }) => usage?.sentBytes],
]

/** Prometheus' text format 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats */
export function renderPrometheus(
  host: HostStatus | undefined,
  sites: ContainerStatus[],
  requests: ReadonlyMap<string, RequestCounts>,
): string {
  const byState = PHASES.map((phase): Sample => [{ state: phase }, sites.filter((one) => one.phase === phase).length])
  const byStatus = [...requests].flatMap(([site, { total }]) =>
    STATUS_CLASSES.map((status): Sample => [{ site, status }, total[status]]),
  )
  return [
    ...OF_THE_HOST.map(([name, type, value]) => render(`ruche_host_${name}`, type, [[{}, host && value(host)]])),
    render('ruche_sites', 'gauge', byState),
    ...OF_A_SITE.map(([name, type, value]) =>
      render(
        `ruche_site_${name}`,
        type,
        sites.map((site) => [{ site: site.id }, value(site)]),
      ),
    ),
    render('ruche_site_requests_total', 'counter', byStatus),
    renderHistogram(requests),
  ].join('')
}

function render(name: string, type: Type, samples: Sample[]): string {
  const lines = samples.flatMap(([labels, value]) => (value === undefined ? [] : [renderLine(name, labels, value)]))
  return lines.length === 0 ? '' : `# TYPE ${name} ${type}\n${lines.join('')}`
}

function renderHistogram(requests: ReadonlyMap<string, RequestCounts>): string {
  const name = 'ruche_site_request_seconds'
  const lines = [...requests].flatMap(([site, { within, seconds, total }]) => {
    const count = STATUS_CLASSES.reduce((sum, status) => sum + total[status], 0)
    return [
      ...LATENCY_BOUNDS.map((le, index) => renderLine(`${name}_bucket`, { site, le: String(le) }, within[index] ?? 0)),
      renderLine(`${name}_bucket`, { site, le: '+Inf' }, count),
      renderLine(`${name}_sum`, { site }, seconds),
      renderLine(`${name}_count`, { site }, count),
    ]
  })
  return lines.length === 0 ? '' : `# TYPE ${name} histogram\n${lines.join('')}`
}

// Names of sites and our own words need no escaping.
function renderLine(name: string, labels: Record<string, string>, value: number): string {
  const inside = Object.entries(labels).map(([key, text]) => `${key}="${text}"`)
  return `${name}${inside.length > 0 ? `{${inside.join(',')}}` : ''} ${value}\n`
}
